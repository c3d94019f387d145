-- Decides which buffers are datasets, and attaches the server to them.

local M = {}

--- The figures for the status line, by buffer.
local figures = {}

--- The figures of a dataset for the status line, such as `982 examples · 3 errors · LOW`; an empty string elsewhere. Costs
--- nothing: the figures are requested after the findings have changed.
--- @param buffer? integer
function M.status(buffer)
  return figures[buffer or vim.api.nvim_get_current_buf()] or ''
end

--- Sends a request of a buffer. Older versions of Neovim have the method without `self`.
function M.request(client, method, params, done, buffer)
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, done, buffer)
  else
    client.request(method, params, done, buffer)
  end
end

--- Requests the figures of a buffer again.
--- @param buffer integer
function M.update_status(buffer)
  local client = vim.api.nvim_buf_is_loaded(buffer) and not M.is_view(buffer) and M.client(buffer)
  if not client then
    figures[buffer] = nil
    return
  end
  local function done(_, summary)
    local status = type(summary) == 'table' and summary.status
    figures[buffer] = type(status) == 'string' and status or nil
    vim.cmd.redrawstatus({ bang = true })
  end
  M.request(client, 'tuning-ls/datasetSummary', { uri = vim.uri_from_bufnr(buffer) }, done, buffer)
end

--- The command of code lenses.
local SUMMARY = 'tuning-ls.showDatasetSummary'

--- The options in `vim.g.tuning_ls`. All of them are optional.
--- @class tuning_ls.Options
--- @field cmd? string[] The command that starts the server, such as `{ '/opt/tuning-ls', 'serve' }`.
--- @field enabled? boolean|fun(buffer: integer): boolean Whether to check a dataset. By default, all are checked.
--- @field filetypes? string[] File types of datasets, in addition to `jsonl` and `ndjson`.
--- @field player? string[] The command of `:TuningLs play`, with `{file}`, `{start}` and `{end}` (in seconds) in its arguments.
--- @field settings? table The server's settings, such as `{ rules = { ['blank-line'] = 'off' } }`.

--- @return tuning_ls.Options
function M.options()
  local options = vim.g.tuning_ls
  return type(options) == 'table' and options or {}
end

--- Whether Neovim can start clients by itself, with `vim.lsp.enable`: 0.11 and later.
M.is_native = vim.lsp.enable ~= nil

--- Whether a buffer is not a file but a view of another plugin, such as an old version of a file.
--- @param buffer integer
function M.is_view(buffer)
  return vim.bo[buffer].buftype ~= '' or vim.api.nvim_buf_get_name(buffer):match('^%a[%w+.-]+://') ~= nil
end

--- Whether a buffer is a dataset, by its name or its type. The type alone is not enough, because plugins for big files
--- change it.
--- @param buffer integer
function M.is_dataset(buffer)
  if not vim.api.nvim_buf_is_loaded(buffer) or M.is_view(buffer) then
    return false
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  local types = vim.list_extend({ 'jsonl', 'ndjson' }, M.options().filetypes or {})
  return name:match('%.jsonl$') ~= nil or name:match('%.ndjson$') ~= nil or vim.tbl_contains(types, vim.bo[buffer].filetype)
end

--- Whether a buffer is a dataset that the user wants to check.
--- @param buffer integer
function M.is_wanted(buffer)
  if not M.is_dataset(buffer) then
    return false
  end
  local enabled = M.options().enabled
  if type(enabled) == 'function' then
    enabled = enabled(buffer) or false
  end
  -- In Vim script, false is 0.
  return enabled ~= false and enabled ~= 0
end

--- The configuration of the client for `vim.lsp.config`. It has no file types, because `root_dir` decides.
function M.config()
  local settings = M.options().settings
  return {
    capabilities = M.capabilities(),
    cmd = function(dispatchers)
      return vim.lsp.rpc.start(require('tuning_ls.server').find().cmd, dispatchers)
    end,
    commands = {
      [SUMMARY] = function()
        require('tuning_ls.commands').run({ 'showDatasetSummary' })
      end,
    },
    handlers = {
      ['tuning-ls/exampleChanged'] = function(...)
        require('tuning_ls.example').changed(...)
      end,
    },
    init_options = settings,
    name = 'tuning_ls',
    -- One server for all datasets of a project, and one for all datasets without a project. Neovim 0.10 would start a
    -- server for each of the latter.
    reuse_client = function(client, config)
      return client.name == 'tuning_ls' and client.config.root_dir == config.root_dir and not client.is_stopped(client)
    end,
    root_dir = function(buffer, start)
      if M.is_wanted(buffer) and require('tuning_ls.server').is_there() then
        start(M.root(buffer))
      end
    end,
    settings = settings and { ['tuning-ls'] = settings } or nil,
  }
end

--- The capabilities of this plugin. Neovim 0.11 and later adds its own.
---
--- Neovim before 0.11 claims snippet support but inserts only the name of the snippet, so this turns it off. It shows code
--- lenses without claiming them.
function M.capabilities()
  local own = { experimental = { commands = { commands = { SUMMARY } }, exampleView = true } }
  if vim.lsp.completion then
    return own
  end
  local capabilities = vim.tbl_extend('force', vim.lsp.protocol.make_client_capabilities(), own)
  capabilities.textDocument.codeLens = { dynamicRegistration = false }
  capabilities.textDocument.completion.completionItem.snippetSupport = false
  return capabilities
end

--- The project folder of a buffer: the nearest one with a settings file, otherwise the repository.
--- @param buffer integer
function M.root(buffer)
  -- Two calls, because older versions return the nearest match of several markers.
  return vim.fs.root(buffer, 'tuning-ls.toml') or vim.fs.root(buffer, '.git')
end

--- The clients of a buffer or of all datasets, including those that are still starting.
--- @param buffer? integer
function M.clients(buffer)
  return vim.lsp.get_clients({ name = 'tuning_ls', bufnr = buffer, _uninitialized = true })
end

--- A client of a buffer or of any dataset that is ready for requests.
--- @param buffer? integer
function M.client(buffer)
  return vim.lsp.get_clients({ name = 'tuning_ls', bufnr = buffer })[1]
end

--- Attaches the server to a buffer if it is a dataset without a server.
--- @param buffer integer
function M.attach(buffer)
  if not M.is_wanted(buffer) or #M.clients(buffer) > 0 then
    return
  end
  if M.is_native then
    -- As Neovim does on FileType, so that the user's configuration applies.
    vim.api.nvim_buf_call(buffer, function()
      vim.cmd('silent! doautocmd nvim.lsp.enable FileType')
    end)
  else
    local config = M.config()
    config.root_dir(buffer, function(root)
      config.root_dir = root
      vim.lsp.start(config, { bufnr = buffer, reuse_client = config.reuse_client })
    end)
  end
end

--- Turns off automatic line breaks, because each line is one example.
--- @param buffer integer
function M.keep_lines(buffer)
  vim.bo[buffer].textwidth = 0
  vim.bo[buffer].wrapmargin = 0
end

return M
