-- How an author of datasets works, with the keys and what they type, in a real Neovim: writes examples from nothing, edits a
-- long one, pastes, renames a label, and goes from a clip to its training line. Each test has its own Neovim process.

local steps = require('steps')
local same, has = steps.same, steps.has

local tests = {}
local function test(name, options, run)
  table.insert(tests, { name = name, options = options, run = run })
end

--- The most keys for three whole examples, beside the texts themselves.
local MAX_KEYS = 120

--- The line of a clip of a match with this label.
local function line(match, start, label)
  return ('{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://league/%s.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"%ds","endOffset":"%ds"}},{"text":"What happens?"}]},{"role":"model","parts":[{"text":"%s"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}'):format(
    match,
    start,
    start + 10,
    label
  )
end

--- Writes a file into the folder of the child and opens it.
local function open(child, name, lines)
  vim.fn.mkdir(child.folder .. '/' .. vim.fs.dirname(name), 'p')
  vim.fn.writefile(lines, child.folder .. '/' .. name)
  child:edit(name)
  child:attached()
end

local function current(child)
  return child:lua('return vim.api.nvim_get_current_line()')
end

--- The texts of the turns of an example.
local function texts(json)
  return vim.tbl_map(function(turn)
    for _, part in ipairs(turn.parts) do
      if part.text then
        return part.text
      end
    end
  end, vim.json.decode(json).contents)
end

--- What a person has to type: location, begin, end, prompt, answer. The template knows the prompt after the first example.
local CLIPS = {
  { 'gs://league/match-7.mp4', '0s', '12s', 'Which event is shown?', 'A corner kick.' },
  { 'gs://league/match-8.mp4', '65s', '80s', nil, 'A goal by the home side.' },
  { 'gs://league/match-9.mp4', '10s', '25s', nil, 'An offside.' },
}

test('three video examples are written from an empty file', {}, function(child)
  open(child, 'new.jsonl', {})
  local keys = 0
  local function press(...)
    for _, key in ipairs({ ... }) do
      child:type(key)
      keys = keys + 1
    end
  end
  if not child:lua('return vim.lsp.completion ~= nil') then
    -- Older versions insert a template as plain text, without its stops.
    return
  end
  for place, clip in ipairs(CLIPS) do
    press(place == 1 and 'i' or '<CR>', '<C-x>', '<C-o>')
    child:await('vim.fn.pumvisible() == 1')
    local function chosen()
      return child:lua([[
        local menu = vim.fn.complete_info({ 'items', 'selected' })
        local item = menu.items[menu.selected + 1]
        return item and (item.abbr ~= '' and item.abbr or item.word) or ''
      ]])
    end
    for _ = 1, 5 do
      if not chosen():find('segment') then
        press('<C-n>')
      end
    end
    press('<C-y>')
    child:await([[vim.api.nvim_get_current_line():find('"fileUri"', 1, true) and vim.fn.pumvisible() == 0]])
    for _, text in ipairs({ clip[1], '', clip[2], clip[3], clip[4] or '', clip[5] }) do
      child:await('vim.snippet.active()')
      child:type(text)
      press('<Tab>')
    end
    -- The resolution is a menu of choices. It opens after the jump.
    child:await('vim.fn.pumvisible() == 1')
    press('<C-n>', '<C-y>')
    child:await([[vim.fn.pumvisible() == 0 and vim.api.nvim_get_current_line():find('MEDIA_RESOLUTION_', 1, true)]])
    press('<Tab>')
    child:await('vim.api.nvim_get_mode().mode == "i"')
    press('<End>')
  end
  press('<Esc>')
  child:await('vim.api.nvim_get_mode().mode == "n"')
  local written = child:lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')
  same(#written, 3)
  for place, clip in ipairs(CLIPS) do
    local user = vim.json.decode(written[place]).contents[1].parts[1]
    same({ user.fileData.fileUri, user.fileData.mimeType }, { clip[1], 'video/mp4' })
    same({ user.videoMetadata.startOffset, user.videoMetadata.endOffset }, { clip[2], clip[3] })
    has(vim.json.decode(written[place]).generationConfig.mediaResolution, 'MEDIA_RESOLUTION_')
    same(texts(written[place]), { CLIPS[1][4], clip[5] })
  end
  child:command('write')
  io.stdout:write(('         three video examples: %d keys beside the texts\n'):format(keys))
  assert(keys <= MAX_KEYS, keys)
end)

test('a line of 20 KB is read and edited in a view, written and undone', {}, function(child)
  local long = line('match-1', 0, ('The keeper waits for the cross that \\"never\\" comes.\\n'):rep(400) .. 'Final score: 2-1.')
  open(child, 'long.jsonl', { line('match-5', 0, 'Goal'), long })
  child:type('G:TuningLs example<CR>')
  child:await("vim.api.nvim_buf_get_name(0):find('tuning-example', 1, true)")
  child:attached()
  has(child:text(), '// long.jsonl, line 2, example 2 of 2\n')
  assert(#vim.split(child:text(), '\n') > 400, 'a line of the text is a line of the view')
  child:type('/Final score<CR>WWct"3-1.<CR>The last goal was the best.<Esc>')
  child:await([[vim.api.nvim_get_current_line():find('The last goal was the best."', 1, true)]])
  child:type(':write<CR>')
  child:await('not vim.bo.modified')
  same(child:file('long.jsonl'), line('match-5', 0, 'Goal') .. '\n' .. long .. '\n', 'writing a view writes no file')
  child:type(':TuningLs exampleLine<CR>')
  child:await("vim.fn.expand('%:t') == 'long.jsonl' and vim.fn.line('.') == 2")
  same(current(child), (long:gsub('2%-1%.', '3-1.\\nThe last goal was the best.')))
  child:type('u')
  child:await('#vim.api.nvim_get_current_line() == ...', #long)
  same(current(child), long)
end)

test('a dict, cells of a spreadsheet and pretty JSON are pasted with keys', {}, function(child)
  open(child, 'paste.jsonl', { line('match-6', 0, 'Goal') })
  local pretty = vim.fn.json_encode(vim.json.decode(line('match-4', 0, 'Throw-in'))):gsub('([%[{,])', '%1\n  ')
  for _, case in ipairs({
    { "{\n  'contents': [\n    {'role': 'user', 'parts': [{'text': 'From a notebook?'}]},\n    {'role': 'model', 'parts': [{'text': \"Yes, it's a dict.\"}]},\n  ],\n}", { { 'From a notebook?', "Yes, it's a dict." } } },
    { 'video\tstart\tend\tprompt\tlabel\ngs://league/match-2.mp4\t1:05\t1:20\tWhat happens?\tGoal\ngs://league/match-3.mp4\t0:10\t0:25\tWhat happens?\tCorner\n', { { 'What happens?', 'Goal' }, { 'What happens?', 'Corner' } } },
    { pretty, { { 'What happens?', 'Throw-in' } } },
  }) do
    local before = child:lua('return vim.api.nvim_buf_line_count(0)')
    child:lua('vim.fn.setreg("a", ...)', case[1])
    child:type('G:TuningLs paste a<CR>')
    child:await('vim.api.nvim_buf_line_count(0) == ...', before + #case[2])
    local added = child:lua('return vim.api.nvim_buf_get_lines(0, ..., -1, false)', before)
    same(vim.tbl_map(texts, added), case[2])
  end
end)

test('a label is renamed in two files, and a held-out clip leads to its training line', {}, function(child)
  local train = { line('match-1', 0, 'Goal'), line('match-1', 30, 'Gaol'), line('match-1', 60, 'Gaol') }
  local held = { line('match-2', 0, 'Gaol'), line('match-1', 32, 'Gaol') }
  open(child, 'league/train.jsonl', train)
  vim.fn.writefile(held, child.folder .. '/league/validation.jsonl')
  child:command('split league/validation.jsonl')
  child:attached()
  local corrected = {}
  for _, lines in ipairs({ train, held }) do
    table.insert(corrected, table.concat(lines, '\n'):gsub('Gaol', 'Goal') .. '\n')
  end
  -- The new name is asked for.
  child:lua([[vim.ui.input = function(options, done) _G.asked = options.default; done('Goal') end]])
  child:type('gg/Gaol<CR>')
  child:lua('vim.lsp.buf.rename()')
  child:await([[vim.fn.search('Gaol', 'nw') == 0]])
  same(child:lua('return _G.asked'), 'Gaol')
  child:type(':wall<CR>')
  child:await('vim.fn.getbufinfo({ bufmodified = 1 })[1] == nil')
  same({ child:file('league/train.jsonl'), child:file('league/validation.jsonl') }, corrected)
  child:type('G0/match-1<CR>')
  child:lua('vim.lsp.buf.definition()')
  child:await("vim.fn.expand('%:t') == 'train.jsonl' and vim.fn.line('.') == 2")
end)

test('a new dataset is opened with an example of a kind', {}, function(child)
  child:lua("_G.choice = 'text example'")
  child:command('TuningLs new')
  child:await([[vim.api.nvim_get_current_line():find('"contents"', 1, true)]])
  assert(vim.tbl_contains(child:lua('return _G.offered'), 'video segment example'))
  same(child:lua("return vim.fn.expand('%:t')"), 'dataset.jsonl')
  child:type('<Esc>')
  child:await('vim.api.nvim_get_mode().mode == "n"')
  same(#texts(current(child)), 2)
  child:lua("_G.choice = 'nothing of that name'")
  child:command('TuningLs new')
  same(child:lua("return { vim.fn.expand('%:t'), vim.api.nvim_get_current_line() }"), { 'dataset-2.jsonl', '' })
end)

test('an example is duplicated in its view and in the file', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  local before = vim.split(child:text(), '\n')
  child:type('3G:TuningLs example<CR>')
  child:await("vim.api.nvim_buf_get_name(0):find('tuning-example', 1, true)")
  child:attached()
  child:type(':TuningLs duplicateExample<CR>')
  child:await("vim.api.nvim_buf_get_lines(0, 0, 1, true)[1] == ...", '// video-clean.jsonl, line 4, example 4 of 101')
  child:type(':TuningLs exampleLine<CR>')
  child:await("vim.fn.line('.') == 4")
  table.insert(before, 4, before[3])
  same(vim.split(child:text(), '\n'), before)
  child:type(':TuningLs duplicateExample<CR>')
  child:await("vim.fn.line('.') == 5")
  same(current(child), before[3])
end)

test('a copy that is not inserted, because the text changed, is not announced as one', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  local before = child:text()
  child:lua('vim.lsp.util.apply_workspace_edit = function() end')
  child:type('3G:TuningLs duplicateExample<CR>')
  child:await("(_G.messages[#_G.messages] or ''):find('the text changed in the meantime', 1, true)")
  same(child:lua("return vim.fn.line('.')"), 3)
  same(child:text(), before)
end)

test('the status line has the figures of the dataset', { files = { 'video-too-long.jsonl' } }, function(child)
  child:await("require('tuning_ls').status() == ...", '20 examples · 1 error · MEDIUM')
  child:lua([[vim.o.statusline = "%{v:lua.require'tuning_ls'.status()}"]])
  same(child:lua("return vim.api.nvim_eval_statusline(vim.o.statusline, {}).str"), '20 examples · 1 error · MEDIUM')
  child:command('normal! yyp')
  child:await("require('tuning_ls').status():find('21 examples', 1, true)")
  child:command('enew')
  same(child:lua("return require('tuning_ls').status()"), '')
end)

return tests
