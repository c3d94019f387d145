-- How an author of datasets writes and changes examples, in a real Neovim. Each test has its own Neovim process.

local steps = require('steps')
local same, has, go_to = steps.same, steps.has, steps.go_to

local tests = {}
local function test(name, options, run)
  table.insert(tests, { name = name, options = options, run = run })
end

test('normalizing, formatting and one value for all lines', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  local clean = child:text()
  local function loosen()
    child:command([[2s/{"contents":/{ "contents" : /]])
    assert(child:text() ~= clean)
  end
  loosen()
  child:command('TuningLs normalizeFile')
  child:await("table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n') .. '\\n' == ...", clean)
  loosen()
  child:lua('vim.lsp.buf.format({ timeout_ms = 30000 })')
  same(child:text(), clean)
  same(child:lua("return vim.fn.getcompletion('TuningLs setSharedValue ', 'cmdline')"), { 'MEDIA_RESOLUTION_HIGH', 'MEDIA_RESOLUTION_MEDIUM' })
  -- The second command is the former name.
  for command, value in pairs({ setSharedValue = 'MEDIA_RESOLUTION_MEDIUM', setMediaResolution = 'MEDIA_RESOLUTION_HIGH' }) do
    child:command(('TuningLs %s %s'):format(command, value))
    child:await('vim.fn.search(..., "nw") > 0', value)
    same(child:text(), (clean:gsub('MEDIA_RESOLUTION_LOW', value)))
  end
end)

test('values are completed as they are typed', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  child:type('Go{"contents":[{"role":"<C-x><C-o>')
  child:await('vim.fn.pumvisible() == 1')
  local words = child:lua("return vim.tbl_map(function(item) return item.abbr ~= '' and item.abbr or item.word end, vim.fn.complete_info({ 'items' }).items)")
  same(words, { 'user', 'model' })
  child:type('<C-n><C-y>')
  child:await([[vim.api.nvim_get_current_line():find('"role":"model"', 1, true) or vim.api.nvim_get_current_line():find('"role":"user"', 1, true)]])
end)

for name, expected in pairs({
  ['video-clean.jsonl'] = { key = 'contents' },
  ['openai-chat.jsonl'] = { key = 'messages' },
}) do
  test('a new example is offered below the line: ' .. name, { files = { name } }, function(child)
    child:attached()
    local lines = child:lua('return vim.api.nvim_buf_line_count(0)')
    child:command('TuningLs newExample')
    child:await('vim.fn.pumvisible() == 1')
    same(child:lua('return vim.api.nvim_win_get_cursor(0)[1]'), 2)
    local first = child:lua("local item = vim.fn.complete_info({ 'items' }).items[1]; return item.abbr ~= '' and item.abbr or item.word")
    same(first, 'next example')
    child:type('<C-n><C-y>')
    -- Neovim replaces the label by the example only after it is accepted.
    child:await('vim.api.nvim_get_current_line():find(..., 1, true)', ('"%s"'):format(expected.key))
    child:type('<Esc>')
    child:await("vim.api.nvim_get_mode().mode == 'n'")
    same(child:lua('return vim.api.nvim_buf_line_count(0)'), lines + 1, 'an example is one line')
    local line = vim.split(child:text(), '\n')[2]
    local ok, example = pcall(vim.json.decode, line)
    assert(ok and example[expected.key], line)
    -- Insert a fault and remove it again, to know that the server has checked the line.
    child:command('normal! 0i[')
    -- The example has places to fill in, which have findings of their own.
    local unclosed = "#vim.tbl_filter(function(it) return it.code == 'unclosed' end, vim.diagnostic.get(0, { lnum = 1 }))"
    child:await(unclosed .. ' > 0')
    child:command('normal! 0x')
    child:await(unclosed .. ' == 0')
    same(vim.split(child:text(), '\n')[2], line)
  end)
end

test('an example is edited in a buffer of its own and written back', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  local file = child:text()
  child:lua('vim.api.nvim_win_set_cursor(0, { 3, 60 })')
  child:command('TuningLs example')
  child:attached()
  local shown = child:text()
  has(shown, '// video-clean.jsonl, line 3, example 3 of 100\n{\n  "contents": [\n')
  same(child:lua('return { vim.bo.modified, vim.bo.buftype }'), { false, 'acwrite' })
  -- Findings in the places of the view.
  child:command([[%s/"role": "model"/"role": "assistant"/]])
  local found = go_to(child, child:findings('unknown-role'), 'unknown-role')
  same(child:lua("return vim.api.nvim_get_current_line():sub(vim.fn.col('.'), vim.fn.col('.') + 10)"), '"assistant"')
  same(child:lua('return vim.api.nvim_win_get_cursor(0)[1] - 1'), found.lnum)
  child:lua("_G.choice = 'Change'; vim.lsp.buf.code_action()")
  child:findings('unknown-role', true)
  same(child:text(), shown)
  -- A real line break in a text.
  child:command([[%s/"text": "\zs\ze[^"]*"/new\r/]])
  child:command('write')
  same(child:lua('return vim.bo.modified'), false)
  local written = child:lua("return table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('video-clean.jsonl'), 0, -1, false), '\\n') .. '\\n'")
  local lines, before = vim.split(written, '\n'), vim.split(file, '\n')
  same((lines[3]:gsub('new\\n', '')), before[3])
  assert(lines[3] ~= before[3], lines[3])
  lines[3], before[3] = nil, nil
  same(lines, before, 'the other lines')
  -- Reading it again discards what was not written.
  child:command('%s/new/other/')
  child:command('edit!')
  has(child:text(), '"new\n')
  assert(not child:text():find('other', 1, true), child:text())
  same(child:lua('return { vim.bo.modified, vim.bo.buftype }'), { false, 'acwrite' })
  child:command('TuningLs nextExample')
  has(child:text(), '// video-clean.jsonl, line 4, example 4 of 100\n')
  child:command('TuningLs exampleLine')
  same(child:lua("return { vim.fn.expand('%:t'), vim.fn.line('.') }"), { 'video-clean.jsonl', 4 })
  child:command('undo')
  same(child:text(), file, 'one undo in the file undoes what was written')
end)

test('the cells of a spreadsheet are pasted as examples', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  local file = child:text()
  child:lua([[vim.fn.setreg('a', 'video\tstart\tprompt\tlabel\tnotes\ngs://clips/new.mp4\t1:30\tWhat?\t"A ""goal""\nat last"\tx\n')]])
  child:lua('vim.api.nvim_win_set_cursor(0, { 2, 0 })')
  child:command('TuningLs paste a')
  child:await('vim.api.nvim_win_get_cursor(0)[1] == 3')
  local lines, before = vim.split(child:text(), '\n'), vim.split(file, '\n')
  local new = vim.json.decode(table.remove(lines, 3))
  same(lines, before, 'the other lines')
  same(new.contents[1].parts, {
    { fileData = { fileUri = 'gs://clips/new.mp4', mimeType = 'video/mp4' }, videoMetadata = { startOffset = '90s' } },
    { text = 'What?' },
  })
  same(new.contents[2].parts, { { text = 'A "goal"\nat last' } })
  has(table.concat(child:await('#_G.messages > 1 and _G.messages'), '\n'), 'column `notes`')
  child:type('u')
  same(child:text(), file)
  -- Other text is not pasted.
  child:lua("vim.fn.setreg('a', 'Hello')")
  child:command('TuningLs paste a')
  child:await('#_G.messages > 2')
  same(child:text(), file)
end)

return tests
