-- One example as a buffer of its own: indented, with the line breaks of its texts. `:write` writes it back into its line.

local tuning_ls = require('tuning_ls')

local M = {}

local SCHEME = 'tuning-ls-example'

local function tell(message, level)
  vim.notify('tuning-ls: ' .. message, level or vim.log.levels.INFO)
end

--- Calls a method of a client, which older versions have without `self`.
local function call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- Sends a request and waits for the answer.
local function ask(client, method, params, buffer)
  local answer, problem = call(client, 'request_sync', method, params, 10000, buffer)
  problem = problem or (answer and answer.err and answer.err.message)
  if problem then
    tell(problem, vim.log.levels.ERROR)
  end
  local result = answer and not answer.err and answer.result
  return result ~= vim.NIL and result or nil
end

--- Whether a buffer is the view of an example.
--- @param buffer integer
function M.is_view(buffer)
  return vim.startswith(vim.api.nvim_buf_get_name(buffer), SCHEME .. ':')
end

--- Replaces the text of a view with one that has nothing to write.
local function set_text(buffer, text)
  local lines = vim.split(text, '\n')
  -- The last line break ends the last line.
  if lines[#lines] == '' then
    table.remove(lines)
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modified = false
end

--- Moves the cursor to a position of the protocol.
local function go_to(client, position)
  local line = vim.api.nvim_buf_get_lines(0, position.line, position.line + 1, false)[1] or ''
  local column = position.character
  if client.offset_encoding ~= 'utf-8' then
    column = vim.str_byteindex(line, math.min(column, vim.fn.strutf16len and vim.fn.strutf16len(line) or #line), client.offset_encoding == 'utf-16')
  end
  pcall(vim.api.nvim_win_set_cursor, 0, { position.line + 1, math.min(column, #line) })
end

--- Fills the buffer of a view and connects it to the server.
local function fill(client, buffer, view)
  vim.bo[buffer].buftype = 'acwrite'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].bufhidden = 'hide'
  local levels = vim.bo[buffer].undolevels
  vim.bo[buffer].undolevels = -1
  set_text(buffer, view.text)
  vim.bo[buffer].undolevels = levels
  vim.b[buffer].tuning_ls_source = view.source
  vim.bo[buffer].filetype = 'tuning_example'
  vim.bo[buffer].syntax = 'jsonl'
  vim.bo[buffer].shiftwidth, vim.bo[buffer].expandtab = 2, true
  vim.lsp.buf_attach_client(buffer, client.id)
end

--- Shows a view in this window.
local function show(client, view)
  local buffer = vim.api.nvim_create_buf(true, false)
  vim.api.nvim_buf_set_name(buffer, view.uri)
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buffer,
    callback = function()
      M.write(buffer)
    end,
  })
  -- After `:edit!`, or when a buffer is shown again that was unloaded.
  vim.api.nvim_create_autocmd('BufReadCmd', {
    buffer = buffer,
    callback = function()
      M.read(buffer)
    end,
  })
  fill(client, buffer, view)
  vim.api.nvim_win_set_buf(0, buffer)
  go_to(client, view.position)
end

--- Reads the text of a view again from its file.
--- @param buffer integer
function M.read(buffer)
  local client = tuning_ls.client(buffer) or tuning_ls.client()
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, move = 'reload' }
  -- The client has just left the buffer itself.
  local source = vim.fn.bufnr(vim.uri_to_fname(vim.b[buffer].tuning_ls_source))
  local view = client and ask(client, 'tuning-ls/example', params, source > 0 and source or buffer)
  if not view then
    return tell('this example is no longer in its file', vim.log.levels.WARN)
  end
  fill(client, buffer, view)
end

--- Opens the example at the cursor, or another one.
--- @param move? 'next'|'previous'|'nextFinding'|'previousFinding'
function M.open(move)
  local buffer = vim.api.nvim_get_current_buf()
  local client = tuning_ls.client(buffer)
  if not client then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, move = move }
  local is_view = M.is_view(buffer)
  if not is_view then
    params.position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  elseif not move then
    return tell('this is already the view of an example')
  end
  local view = ask(client, 'tuning-ls/example', params, buffer)
  if not view then
    return tell(move and 'there is no further example' or 'there is no example here', vim.log.levels.WARN)
  end
  if not is_view then
    vim.cmd.split()
  end
  show(client, view)
end

--- Copies the example at the cursor into the next line of its file, and goes to the copy.
function M.duplicate()
  local buffer = vim.api.nvim_get_current_buf()
  local client = tuning_ls.client(buffer)
  if not client then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = vim.lsp.util.make_position_params(0, client.offset_encoding).position,
  }
  local copy = ask(client, 'tuning-ls/duplicateExample', params, buffer)
  if not copy then
    return tell('there is no example here', vim.log.levels.WARN)
  end
  local source = vim.uri_to_bufnr(copy.uri)
  local tick = vim.api.nvim_buf_get_changedtick(source)
  vim.lsp.util.apply_workspace_edit(copy.edit, client.offset_encoding)
  -- An edit of an older text is not applied.
  if vim.api.nvim_buf_get_changedtick(source) == tick then
    return tell('nothing was changed, because the text changed in the meantime; try again', vim.log.levels.WARN)
  end
  if not M.is_view(buffer) then
    return pcall(vim.api.nvim_win_set_cursor, 0, { copy.line + 1, 0 })
  end
  local place = { textDocument = { uri = copy.uri }, position = { line = copy.line, character = 0 } }
  local view = ask(client, 'tuning-ls/example', place, source)
  if view then
    show(client, view)
  end
end

--- Goes from a view to its line in the file.
function M.go_to_line()
  local buffer = vim.api.nvim_get_current_buf()
  local client = tuning_ls.client(buffer)
  if not client or not M.is_view(buffer) then
    return tell('this buffer is not the view of an example', vim.log.levels.WARN)
  end
  local place = ask(client, 'tuning-ls/exampleLine', { uri = vim.uri_from_bufnr(buffer) }, buffer)
  if place then
    vim.cmd.split()
    vim.api.nvim_win_set_buf(0, vim.fn.bufadd(vim.uri_to_fname(place.uri)))
    pcall(vim.api.nvim_win_set_cursor, 0, { place.line + 1, 0 })
  end
end

--- Writes a view into the buffer of its file.
--- @param buffer integer
--- @param anyway? boolean Whether to write in spite of a problem.
function M.write(buffer, anyway)
  local client = tuning_ls.client(buffer)
  if not client then
    return tell('no server is attached to this buffer, so it cannot be written', vim.log.levels.ERROR)
  end
  local uri = vim.uri_from_bufnr(buffer)
  local params = { textDocument = { uri = uri }, anyway = anyway or false }
  local answer = ask(client, 'tuning-ls/writeExample', params, buffer)
  if not answer then
    return
  end
  if not answer.problem then
    if answer.edit then
      vim.lsp.util.apply_workspace_edit(answer.edit, client.offset_encoding)
      -- These commands have already passed the buffer of the file.
      if vim.fn.histget('cmd', -1):match('^[%s:]*[wx]%l*a%l*!?$') then
        local source = vim.fn.bufnr(vim.uri_to_fname(vim.b[buffer].tuning_ls_source))
        if source > 0 then
          vim.api.nvim_buf_call(source, function()
            vim.cmd('silent write')
          end)
        end
      end
    end
    vim.bo[buffer].modified = false
    return answer.message and tell(answer.message)
  end
  if answer.problem == 'closed' or answer.problem == 'unknown' then
    return tell(answer.message, vim.log.levels.ERROR)
  end
  local choices = { 'Keep editing', 'Write this text anyway' }
  if answer.problem == 'changed' then
    table.insert(choices, 'Take the text of the file')
  end
  vim.ui.select(choices, { prompt = answer.message }, function(_, choice)
    if choice == 2 then
      M.write(buffer, true)
    elseif choice == 3 then
      M.read(buffer)
    end
  end)
end

--- Shows the new text of an example that has changed in its file.
function M.changed(_, params)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(buffer) == params.uri and not vim.bo[buffer].modified then
      set_text(buffer, params.text)
    end
  end
end

return M
