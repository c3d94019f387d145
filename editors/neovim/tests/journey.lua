-- What an author of datasets sees and does, in a real Neovim. Each test has its own Neovim process.

local Child = require('child')
local steps = require('steps')
local same, has, go_to, floating = steps.same, steps.has, steps.go_to, steps.floating

local BROKEN = 'video-broken.jsonl'
local OPENAI_BROKEN = 'openai-broken.jsonl'

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

test('hover explains', { files = { 'video-clean.jsonl' } }, function(child)
  child:attached()
  child:command([[call search('mediaResolution')]])
  child:lua('vim.lsp.buf.hover()')
  has(floating(child), 'mediaResolution')
end)

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
