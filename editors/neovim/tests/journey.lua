-- What an author of datasets does, in a real Neovim. Each test has its own Neovim process.

local Child = require('child')

local BROKEN = 'video-broken.jsonl'
local OPENAI_BROKEN = 'openai-broken.jsonl'

local function same(a, b, what)
  if not vim.deep_equal(a, b) then
    error(('%s\nis        %s\nshould be %s'):format(what or 'not the same', vim.inspect(a), vim.inspect(b)), 2)
  end
end

local function has(text, part)
  if not text:find(part, 1, true) then
    error(('no %q in\n%s'):format(part, text), 2)
  end
end

--- Puts the cursor on the first finding of a code.
local function go_to(child, findings, code)
  for _, found in ipairs(findings) do
    if found.code == code then
      child:lua('vim.api.nvim_win_set_cursor(0, { ... })', found.lnum + 1, found.col)
      return found
    end
  end
  error('no finding ' .. code, 2)
end

--- Waits for a floating window and returns its text.
local function floating(child)
  return child:await([[(function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      end
    end
  end)()]])
end

local tests = {}
local function test(name, options, run)
  table.insert(tests, { name = name, options = options, run = run })
end

test('a dataset is checked without any setup, as on the command line', { files = { BROKEN } }, function(child)
  child:attached()
  local findings = child:findings('trailing-comma')
  same(Child.listed(findings), child:on_command_line(BROKEN))
  local comma = go_to(child, findings, 'trailing-comma')
  same({ comma.lnum, comma.col, comma.end_col, comma.severity, comma.source }, { 1, 130, 131, 1, 'tuning-ls' })
  same(child:lua('return vim.bo.filetype'), 'jsonl')
end)

test('two files in one window are each checked by their own format', { files = { BROKEN } }, function(child)
  local function is_as_on_command_line(name, code)
    same(child:lua("return vim.fn.expand('%:t')"), name)
    same(Child.listed(child:findings(code)), child:on_command_line(name), name)
  end
  is_as_on_command_line(BROKEN, 'trailing-comma')
  child:command('split ' .. OPENAI_BROKEN)
  is_as_on_command_line(OPENAI_BROKEN, 'multi-line-example')
  child:command('wincmd p')
  is_as_on_command_line(BROKEN, 'trailing-comma')
  same(child:lua("return #vim.lsp.get_clients({ name = 'tuning_ls' })"), 1)
end)

test('clean datasets and logs have no findings', {}, function(child)
  for _, name in ipairs({ 'video-clean.jsonl', 'openai-chat.jsonl', 'service-log.jsonl', 'images-crlf.jsonl' }) do
    child:edit(name)
    child:attached()
    -- Insert a fault and remove it again, to know that the server has checked the file.
    child:command('normal! ggI[')
    child:await('#vim.diagnostic.get(0) > 0')
    child:command('undo')
    child:await('#vim.diagnostic.get(0) == 0')
    same(child:text(), child:file(name), name)
  end
end)

test('a quick fix fixes its finding and can be undone', { files = { BROKEN } }, function(child)
  go_to(child, child:findings('trailing-comma'), 'trailing-comma')
  child:lua("_G.choice = 'Remove'; vim.lsp.buf.code_action()")
  child:findings('trailing-comma', true)
  local lines = vim.split(child:file(BROKEN), '\n')
  same(vim.split(child:text(), '\n')[2], lines[2]:sub(1, 130) .. lines[2]:sub(132), 'one byte was removed')
  child:type('u')
  child:findings('trailing-comma')
  same(child:text(), child:file(BROKEN))
end)

test('fix all applies the safe fixes and can be undone', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  child:command('TuningLs fixAll')
  child:findings('trailing-comma', true)
  local said = child:lua('return _G.messages[#_G.messages]')
  assert(said:match('^tuning%-ls: fixed %d+ findings, %d+ left$'), said)
  child:type('u')
  child:findings('trailing-comma')
  same(child:text(), child:file(BROKEN))
end)

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

test('hover explains', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  child:command([[call search('mediaResolution')]])
  child:lua('vim.lsp.buf.hover()')
  has(floating(child), 'mediaResolution')
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
  ['openai-chat.jsonl'] = { key = 'messages', label = 'chat example' },
}) do
  test('a new example is offered below the line: ' .. name, { files = { name } }, function(child)
    child:attached()
    local lines = child:lua('return vim.api.nvim_buf_line_count(0)')
    child:command('TuningLs newExample')
    child:await('vim.fn.pumvisible() == 1')
    same(child:lua('return vim.api.nvim_win_get_cursor(0)[1]'), 2)
    local first = child:lua("local item = vim.fn.complete_info({ 'items' }).items[1]; return item.abbr ~= '' and item.abbr or item.word")
    same(first, expected.label or first)
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
    child:await('#vim.diagnostic.get(0, { lnum = 1, severity = 1 }) > 0')
    child:command('normal! 0x')
    -- The example may still have the template's own location, which is a warning.
    child:await('#vim.diagnostic.get(0, { lnum = 1, severity = 1 }) == 0')
    same(vim.split(child:text(), '\n')[2], line)
  end)
end

test('a rule is explained by its code and by the cursor', { files = { BROKEN } }, function(child)
  local findings = child:findings('trailing-comma')
  child:command('TuningLs explainRule drop-rate')
  child:await("vim.fn.expand('%:t') == 'drop-rate.md'")
  has(child:text(), '# drop-rate')
  child:command('quit')
  go_to(child, findings, 'trailing-comma')
  child:command('TuningLs explainRule')
  child:await("vim.fn.expand('%:t') == 'trailing-comma.md'")
  same(child:lua("return vim.fn.getcompletion('TuningLs explainRule trailing', 'cmdline')"), { 'trailing-comma' })
  local commands = child:lua("return vim.fn.getcompletion('TuningLs ', 'cmdline')")
  assert(vim.tbl_contains(commands, 'setSharedValue') and not vim.tbl_contains(commands, 'setMediaResolution'), vim.inspect(commands))
end)

test('the summary says what the job would do', { files = { 'video-too-long.jsonl' } }, function(child)
  child:findings('drop-rate')
  child:command('TuningLs showDatasetSummary')
  has(floating(child), '3 (15.0%): **the job fails**')
end)

test('hints and the lens show the figures of a dataset', { files = { 'video-too-long.jsonl' } }, function(child)
  child:attached()
  child:lua('vim.lsp.inlay_hint.enable(true)')
  local first = child:await([[(function()
    for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
      if hint.inlay_hint.position.line == 0 then return hint.inlay_hint.label end
    end
  end)()]])
  has(first, '#1 · ')
  has(first, ' tokens')
  local title = child:lua([[
    local params = { textDocument = vim.lsp.util.make_text_document_params() }
    local _, answer = next(vim.lsp.buf_request_sync(0, 'textDocument/codeLens', params, 30000))
    local command = answer.result[1].command
    vim.lsp.get_clients({ name = 'tuning_ls' })[1].commands[command.command](command, {})
    return command.title
  ]])
  same(title, '20 examples · 0% trained · ~1.7M tokens · MEDIUM')
  has(floating(child), 'the job fails')
end)

test('the server is restarted', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  local client = child:lua("return vim.lsp.get_clients({ name = 'tuning_ls' })[1].id")
  child:command('TuningLs restartServer')
  child:await("(function(old) local now = vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 })[1]; return now and now.id ~= old end)(...)", client)
  child:findings('trailing-comma')
end)

test('the log is shown', { files = { BROKEN } }, function(child)
  child:attached()
  child:command('TuningLs showLog')
  same(child:lua("return vim.fn.expand('%:t')"), 'lsp.log')
end)

test('settings are the server’s', {
  files = { BROKEN },
  before = [[lua vim.g.tuning_ls = { settings = { rules = { ['trailing-comma'] = 'hint', ['unknown-role'] = 'off' } } }]],
}, function(child)
  local findings = child:findings('trailing-comma')
  same(go_to(child, findings, 'trailing-comma').severity, 4)
  for _, found in ipairs(findings) do
    assert(found.code ~= 'unknown-role', 'it is off')
  end
end)

test('the client is configured like any other', {
  files = { BROKEN },
  before = [[lua if vim.lsp.config then vim.lsp.config('tuning_ls', { init_options = { rules = { ['unknown-role'] = 'off' } } }) vim.lsp.config('*', { root_markers = { 'video-clean.jsonl' } }) else vim.g.tuning_ls = { settings = { rules = { ['unknown-role'] = 'off' } } } end]],
}, function(child)
  for _, found in ipairs(child:findings('trailing-comma')) do
    assert(found.code ~= 'unknown-role', 'it is off')
  end
  child:lua("vim.wait(300, function() return #vim.lsp.get_clients({ name = 'tuning_ls' }) > 1 end)")
  same(child:lua("return #vim.lsp.get_clients({ name = 'tuning_ls' })"), 1)
end)

test('the client can be disabled and enabled again', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  if child:lua('return vim.lsp.enable ~= nil') then
    child:lua("vim.lsp.enable('tuning_ls', false)")
    child:await("#vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 }) == 0")
    child:command('TuningLs restartServer')
    child:lua("vim.wait(300, function() return #vim.lsp.get_clients({ name = 'tuning_ls' }) > 0 end)")
    same(child:lua("return #vim.lsp.get_clients({ name = 'tuning_ls' })"), 0, 'what is disabled is not started')
    child:lua("vim.lsp.enable('tuning_ls', true)")
    child:findings('trailing-comma')
  end
end)

test('`.ndjson` is the same format', {}, function(child)
  vim.uv.fs_copyfile(child.folder .. '/' .. BROKEN, child.folder .. '/examples.ndjson')
  child:edit('examples.ndjson')
  child:findings('trailing-comma')
  same(child:lua('return vim.bo.filetype'), 'jsonl')
end)

-- What snacks.nvim and others do with big files.
local BIG_FILES = [[lua vim.filetype.add({ pattern = { ['.*'] = { function(path, buffer) if buffer and vim.bo[buffer].filetype ~= 'bigfile' and path and vim.fn.getfsize(path) > 1000 then return 'bigfile' end end, { priority = math.huge } } } })]]

test('a dataset with the type of a big file is still checked', { files = { BROKEN }, before = BIG_FILES }, function(child)
  same(child:lua('return vim.bo.filetype'), 'bigfile')
  child:attached()
  same(Child.listed(child:findings('trailing-comma')), child:on_command_line(BROKEN))
end)

test('only enabled datasets are checked', {
  files = { BROKEN },
  before = [[lua vim.g.tuning_ls = { filetypes = { 'dataset' }, enabled = function(buffer) return not vim.api.nvim_buf_get_name(buffer):find('broken') end }]],
}, function(child)
  child:edit('video-too-long.jsonl')
  child:findings('drop-rate')
  child:edit(BROKEN)
  local clients = "return #vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 })"
  child:lua("vim.wait(300, function() return #vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 }) > 0 end)")
  same(child:lua(clients), 0)
  child:command('enew | set filetype=dataset')
  child:attached()
  child:command('new | setlocal buftype=nofile filetype=jsonl')
  child:lua("vim.wait(300, function() return #vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 }) > 0 end)")
  same(child:lua(clients), 0, 'a scratch buffer')
end)

test('one server checks all datasets', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  vim.fn.mkdir(child.folder .. '/other')
  vim.uv.fs_copyfile(child.folder .. '/' .. BROKEN, child.folder .. '/other/train.jsonl')
  child:edit('other/train.jsonl')
  child:findings('trailing-comma')
  same(child:lua("return #vim.lsp.get_clients({ name = 'tuning_ls' })"), 1)
end)

--- Writes a training file at LOW and a validation file at MEDIUM into a folder of their own.
local function write_dataset(child)
  vim.fn.mkdir(child.folder .. '/clips')
  for name, resolution in pairs({ train = 'LOW', validation = 'MEDIUM' }) do
    local line = ([[{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/%s.mp4","mimeType":"video/mp4"}}]},{"role":"model","parts":[{"text":"Goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_%s"}}]]):format(name, resolution)
    vim.fn.writefile({ line }, ('%s/clips/%s.jsonl'):format(child.folder, name))
  end
end

test('a dataset of two files is fixed from one of them', {}, function(child)
  write_dataset(child)
  child:edit('clips/train.jsonl')
  child:findings('mixed-media-resolution')
  local found, related = unpack(child:lua([[
    for _, one in ipairs(vim.diagnostic.get(0)) do
      if one.code == 'mixed-media-resolution' then
        return { one.message, one.user_data.lsp.relatedInformation }
      end
    end
  ]]))
  has(found, 'MEDIA_RESOLUTION_MEDIUM')
  has(found, 'validation.jsonl')
  same(#related, 1)
  child:lua("vim.lsp.util.show_document(..., 'utf-16', { focus = true })", related[1].location)
  same(child:lua("return vim.fn.expand('%:t')"), 'validation.jsonl')
  -- A hidden buffer would still be open.
  child:command('bdelete')
  child:edit('clips/train.jsonl')
  go_to(child, child:findings('mixed-media-resolution'), 'mixed-media-resolution')
  child:lua("_G.choice = 'Set mediaResolution to MEDIA_RESOLUTION_MEDIUM in the whole dataset'; vim.lsp.buf.code_action()")
  child:findings('mixed-media-resolution', true)
  same(child:text(), (child:file('clips/train.jsonl'):gsub('RESOLUTION_LOW', 'RESOLUTION_MEDIUM')))
  child:type('u')
  child:findings('mixed-media-resolution')
  -- The other value has to be set in the file that is not in view.
  child:lua("_G.choice = 'Set mediaResolution to MEDIA_RESOLUTION_LOW in the whole dataset'; vim.lsp.buf.code_action()")
  child:findings('mixed-media-resolution', true)
  child:edit('clips/validation.jsonl')
  same(child:text(), (child:file('clips/validation.jsonl'):gsub('RESOLUTION_MEDIUM', 'RESOLUTION_LOW')))
end)

test('the settings of a project take effect at once, and their folder is the root', {}, function(child)
  write_dataset(child)
  vim.fn.mkdir(child.folder .. '/clips/.git')
  vim.fn.mkdir(child.folder .. '/clips/held')
  vim.uv.fs_rename(child.folder .. '/clips/train.jsonl', child.folder .. '/clips/held/train.jsonl')
  local settings = child.folder .. '/clips/held/tuning-ls.toml'
  vim.fn.writefile({ '[rules]', 'too-few-examples = "warning"' }, settings)
  child:edit('clips/held/train.jsonl')
  same(go_to(child, child:findings('too-few-examples'), 'too-few-examples').severity, 2)
  local client = child:lua("local client = vim.lsp.get_clients({ name = 'tuning_ls' })[1]; return { client.id, client.config.root_dir }")
  same(vim.uv.fs_realpath(client[2]), vim.uv.fs_realpath(child.folder .. '/clips/held'))
  vim.fn.writefile({ '[rules]', 'too-few-examples = "off"' }, settings)
  child:findings('too-few-examples', true)
  vim.fn.writefile({ '[rules]', 'too-few-exampels = "off"' }, settings)
  child:findings('too-few-examples')
  child:edit('clips/held/tuning-ls.toml')
  child:findings('bad-config')
  same(child:lua("return vim.tbl_map(function(client) return client.id end, vim.lsp.get_clients({ name = 'tuning_ls' }))"), { client[1] })
end)

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

test('the health check lists the server and the datasets', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  child:command('checkhealth tuning_ls')
  local health = child:await("vim.bo.filetype == 'checkhealth' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')")
  has(health, 'version 0.1.0, from the PATH')
  has(health, BROKEN .. ' (filetype jsonl) is attached')
  assert(not health:find('ERROR') and not health:find('WARN'), health)
end)

test('a missing server causes one message, and the health check gives the next step', {
  files = { BROKEN },
  path = '/usr/bin:/bin',
  apart = true,
}, function(child)
  child:edit('video-clean.jsonl')
  child:await('#_G.messages > 0')
  child:edit(BROKEN)
  child:command('checkhealth tuning_ls')
  local health = child:await("vim.bo.filetype == 'checkhealth' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')")
  has(health, 'ERROR no program `tuning-ls` on the PATH')
  has(health, 'cargo install --path .')
  has(health, BROKEN .. ' (filetype jsonl) is not attached: there is no server')
  same(child:lua('return _G.messages'), { 'tuning-ls: the server is not installed; see `:checkhealth tuning_ls`' })
end)

test('the health check reports a program that is not tuning-ls', {
  before = [[lua vim.g.tuning_ls = { cmd = { '/bin/echo', 'serve' } }]],
}, function(child)
  child:command('checkhealth tuning_ls')
  local health = child:await("vim.bo.filetype == 'checkhealth' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')")
  has(health, '/bin/echo, from vim.g.tuning_ls.cmd: it is not tuning-ls: its --version prints "')
end)

test('lines are highlighted as JSON and not wrapped', { files = { BROKEN }, before = 'set textwidth=80 | syntax on' }, function(child)
  same(child:lua('return vim.bo.textwidth'), 0)
  child:await("vim.bo.syntax == 'jsonl'")
  local groups = child:lua([[
    local names = {}
    for column = 1, #vim.fn.getline(1) do
      names[vim.fn.synIDattr(vim.fn.synIDtrans(vim.fn.synID(1, column, 1)), 'name')] = true
    end
    return names
  ]])
  assert(groups.String and not groups.Error, vim.inspect(groups))
end)

test('the server ends when Neovim is killed', { files = { BROKEN } }, function(child)
  child:findings('trailing-comma')
  local server = child:lua([[
    for _, process in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
      if vim.api.nvim_get_proc(process).name == 'tuning-ls' then return process end
    end
  ]])
  -- A process that has ended has no program, even before its parent has waited for it.
  local function program()
    return vim.uv.fs_readlink(('/proc/%d/exe'):format(server))
  end
  assert(program(), 'the server runs')
  vim.uv.kill(child.process, 'sigkill')
  assert(vim.wait(2000, function()
    return program() == nil
  end, 20), 'the server still runs')
end)

return tests
