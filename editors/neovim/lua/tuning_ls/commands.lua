-- `:TuningLs`: commands that Neovim's own client does not have.

local tuning_ls = require('tuning_ls')

local M = {}

local SET_SHARED = 'source.setShared.tuning-ls'

local function tell(message, level)
  vim.notify('tuning-ls: ' .. message, level or vim.log.levels.INFO)
end

--- Sends a request to the server of this buffer, or of any dataset.
local function ask(method, params, take)
  local client = tuning_ls.client(0) or tuning_ls.client()
  if not client then
    return tell('no server is running; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local buffer = vim.api.nvim_get_current_buf()
  local function done(error, result)
    if error then
      tell(error.message, vim.log.levels.ERROR)
    else
      take(result ~= vim.NIL and result or nil)
    end
  end
  tuning_ls.request(client, method, params, done, buffer)
end

--- Sends a request and waits for its result. Returns an empty list on failure.
local function ask_now(client, method, params)
  local answer
  local buffer = vim.api.nvim_get_current_buf()
  if client and vim.fn.has('nvim-0.11') == 1 then
    answer = client:request_sync(method, params, 10000, buffer)
  elseif client then
    answer = client.request_sync(method, params, 10000, buffer)
  end
  return answer and answer.result or {}
end

--- The number of findings in this buffer.
local function count_findings(client)
  local count = 0
  for _, number in pairs(ask_now(client, 'tuning-ls/datasetSummary', { uri = vim.uri_from_bufnr(0) }).findings or {}) do
    count = count + number
  end
  return count
end

--- Applies an action and says what was done.
local function apply(client, action, texts)
  local before = count_findings(client)
  if not action.edit then
    action = ask_now(client, 'codeAction/resolve', action)
  end
  local edit = action.edit or {}
  if vim.tbl_isempty(edit.documentChanges or edit.changes or {}) then
    return tell(texts.nothing)
  end
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
  local left = count_findings(client)
  local fixed = math.max(0, before - left)
  tell(('%s %d %s, %d left'):format(texts.done, fixed, fixed == 1 and 'finding' or 'findings', left))
end

--- Applies a code action of this kind to the whole file. If there are several, it applies the one with `choice` in its
--- title, or the user picks one.
local function act(kind, texts, choice)
  local client = tuning_ls.client(0)
  if not client then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local start = { line = 0, character = 0 }
  local actions = ask_now(client, 'textDocument/codeAction', {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    range = { start = start, ['end'] = start },
    context = { only = { kind }, diagnostics = {} },
  })
  actions = vim.tbl_filter(function(action)
    return not choice or action.title:find(choice, 1, true) ~= nil
  end, actions)
  if #actions <= 1 then
    if actions[1] then
      return apply(client, actions[1], texts)
    end
    return tell(texts.nothing)
  end
  local function title(action)
    return action.title
  end
  vim.ui.select(actions, { prompt = 'Which one?', format_item = title }, function(action)
    if action then
      apply(client, action, texts)
    end
  end)
end

--- The codes of the findings at the cursor. If there are none, of those on its line.
local function codes_at_cursor()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local at, near = {}, {}
  for _, found in ipairs(vim.diagnostic.get(0, { lnum = row - 1 })) do
    if found.source == 'tuning-ls' then
      near[found.code] = true
      if found.col <= column and (found.end_lnum > found.lnum or column < found.end_col) then
        at[found.code] = true
      end
    end
  end
  return vim.tbl_keys(next(at) and at or near)
end

local function show_page(rule)
  if not rule.page or rule.page == vim.NIL then
    return tell(('the page of %s could not be written to disk; `tuning-ls explain %s` prints it'):format(rule.code, rule.code), vim.log.levels.WARN)
  end
  vim.cmd.split(vim.fn.fnameescape(vim.uri_to_fname(rule.page)))
  vim.bo.readonly = true
  vim.bo.bufhidden = 'wipe'
end

local function explain(code)
  local wanted = code and { code } or codes_at_cursor()
  ask('tuning-ls/rules', nil, function(rules)
    local offered = vim.tbl_filter(function(rule)
      return #wanted == 0 or vim.tbl_contains(wanted, rule.code)
    end, rules)
    if #offered == 1 then
      show_page(offered[1])
    elseif #offered == 0 then
      tell('there is no rule ' .. code, vim.log.levels.WARN)
    else
      local function format(rule)
        return ('%s: %s'):format(rule.code, rule.summary)
      end
      vim.ui.select(offered, { prompt = 'Which rule?', format_item = format }, function(rule)
        if rule then
          show_page(rule)
        end
      end)
    end
  end)
end

--- The codes of all rules.
local function codes()
  return vim.tbl_map(function(rule)
    return rule.code
  end, ask_now(tuning_ls.client(), 'tuning-ls/rules'))
end

--- The values that the server offers for all lines. It takes them from titles such as "Set KEY to VALUE on all lines".
local function shared_values()
  local start = { line = 0, character = 0 }
  local actions = ask_now(tuning_ls.client(0), 'textDocument/codeAction', {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    range = { start = start, ['end'] = start },
    context = { only = { SET_SHARED }, diagnostics = {} },
  })
  return vim.tbl_map(function(action)
    return action.title:match(' to (%S+) on ') or action.title
  end, actions)
end

local function summary()
  ask('tuning-ls/datasetSummary', { uri = vim.uri_from_bufnr(0) }, function(found)
    if not found then
      return tell('this buffer is not checked, so there is no summary', vim.log.levels.WARN)
    end
    local lines = vim.split(vim.trim(found.markdown), '\n')
    vim.lsp.util.open_floating_preview(lines, 'markdown', { border = 'rounded', focus_id = 'tuning-ls-summary' })
  end)
end

--- Opens a line below the cursor and offers whole examples there, in the file if this is the view of an example.
local function new_example()
  local views = require('tuning_ls.example')
  if views.is_view(vim.api.nvim_get_current_buf()) then
    views.go_to_line()
  end
  if not tuning_ls.client(0) then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local open = vim.api.nvim_get_current_line() == '' and 'i' or 'o'
  vim.api.nvim_feedkeys(vim.keycode(open .. '<C-x><C-o>'), 'n', false)
end

--- Creates a dataset and asks for the kind of its first example.
--- @param name? string The first free name by default.
local function new_dataset(name)
  if not name then
    local number = 1
    repeat
      name = number == 1 and 'dataset.jsonl' or ('dataset-%d.jsonl'):format(number)
      number = number + 1
    until vim.fn.bufexists(name) == 0 and vim.fn.filereadable(name) == 0
  end
  vim.cmd.edit(vim.fn.fnameescape(name))
  tuning_ls.attach(0)
  local buffer = vim.api.nvim_get_current_buf()
  if not vim.wait(5000, function()
    return tuning_ls.client(buffer) ~= nil
  end, 10) then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  if vim.api.nvim_buf_line_count(buffer) > 1 or vim.api.nvim_get_current_line() ~= '' then
    return tell('this file already has lines; `:TuningLs newExample` adds an example')
  end
  local place = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = 0, character = 0 } }
  local found = ask_now(tuning_ls.client(buffer), 'textDocument/completion', place)
  local templates = vim.tbl_filter(function(item)
    return item.detail == 'whole example'
  end, found.items or found)
  local function label(item)
    return item.label
  end
  vim.ui.select(templates, { prompt = 'What kind of examples will the dataset have?', format_item = label }, function(item)
    if not item then
      return
    end
    local text = item.textEdit and item.textEdit.newText or item.insertText or item.label
    if item.insertTextFormat == 2 then
      vim.snippet.expand(text)
    else
      vim.api.nvim_buf_set_lines(buffer, 0, 1, true, vim.split(text, '\n'))
    end
  end)
end

--- Puts the text of a register below the cursor as examples, one per line.
--- @param register? string The unnamed one by default.
local function paste(register)
  local client = tuning_ls.client(0)
  if not client then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local buffer = vim.api.nvim_get_current_buf()
  local text = vim.fn.getreg(register or vim.v.register)
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, text = text }
  ask('tuning-ls/paste', params, function(pasted)
    if not pasted then
      return tell('the register has no text that could be turned into examples; `p` pastes it unchanged', vim.log.levels.WARN)
    end
    local lines = vim.split(pasted.lines, '\n')
    local row = vim.api.nvim_win_get_cursor(0)[1]
    local is_blank = vim.trim(vim.api.nvim_get_current_line()) == ''
    -- A blank line is replaced.
    vim.api.nvim_buf_set_lines(buffer, is_blank and row - 1 or row, row, true, lines)
    vim.api.nvim_win_set_cursor(0, { (is_blank and row - 1 or row) + #lines, 0 })
    tell(('%d %s made from %s'):format(#lines, #lines == 1 and 'example' or 'examples', pasted.what))
    if #pasted.unplaced > 0 then
      tell('not everything could be used:\n' .. table.concat(pasted.unplaced, '\n'), vim.log.levels.WARN)
    end
  end)
end

--- Restarts the server for all datasets, with the current options.
local function restart()
  require('tuning_ls.server').forget()
  if tuning_ls.is_native then
    -- Neovim caches the resolved configuration. Setting another part of it clears the cache.
    vim.lsp.config('tuning_ls', {})
  end
  for _, client in ipairs(tuning_ls.clients()) do
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop(true)
    else
      client.stop(true)
    end
  end
  local function start()
    if #tuning_ls.clients() > 0 then
      return vim.defer_fn(start, 20)
    end
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      tuning_ls.attach(buffer)
    end
  end
  start()
end

local function log()
  local path = vim.lsp.log and vim.lsp.log.get_filename() or vim.lsp.get_log_path()
  vim.cmd.split(vim.fn.fnameescape(path))
  vim.cmd('normal! G')
end

--- A command in a file of its own.
local function of(file, name, ...)
  local arguments = { ... }
  return {
    run = function()
      require('tuning_ls.' .. file)[name](unpack(arguments))
    end,
  }
end

--- A command of the view of an example.
local function example(name, ...)
  return of('example', name, ...)
end

--- The commands, and the completions of their arguments.
local COMMANDS = {
  example = example('open'),
  exampleLine = example('go_to_line'),
  nextExample = example('open', 'next'),
  nextExampleWithFinding = example('open', 'nextFinding'),
  previousExample = example('open', 'previous'),
  previousExampleWithFinding = example('open', 'previousFinding'),
  duplicateExample = example('duplicate'),
  explainRule = { run = explain, arguments = codes },
  fixAll = {
    run = function()
      act('source.fixAll.tuning-ls', { done = 'fixed', nothing = 'no finding has a safe fix' })
    end,
  },
  new = { run = new_dataset },
  newExample = { run = new_example },
  normalizeFile = {
    run = function()
      act('source.normalize.tuning-ls', { done = 'normalized all lines and fixed', nothing = 'all lines are already normalized' })
    end,
  },
  paste = { run = paste },
  play = of('preview', 'play'),
  preview = of('preview', 'preview'),
  restartServer = { run = restart },
  setSharedValue = {
    run = function(value)
      act(SET_SHARED, { done = 'set the value on all lines and fixed', nothing = 'all examples already have this value' }, value)
    end,
    arguments = shared_values,
  },
  showDatasetSummary = { run = summary },
  showLog = { run = log },
}

--- Former names of commands. They still work, but completion does not offer them.
local ALIASES = { setMediaResolution = 'setSharedValue' }

local function named(name)
  return COMMANDS[ALIASES[name] or name]
end

--- Runs a command.
--- @param words string[]
function M.run(words)
  local command = named(words[1])
  if not command then
    return tell(('there is no command %s; the commands are %s'):format(words[1], table.concat(M.complete('TuningLs '), ', ')), vim.log.levels.ERROR)
  end
  command.run(words[2])
end

--- Completes the last word of a command line.
--- @param line string
function M.complete(line)
  local words = vim.split(line, '%s+')
  local offered
  if #words <= 2 then
    offered = vim.tbl_keys(COMMANDS)
  else
    local command = named(words[2])
    offered = command and command.arguments and command.arguments() or {}
  end
  table.sort(offered)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, words[#words])
  end, offered)
end

return M
