-- Which buffers are datasets, and attaching the server to them.

local M = {}

--- What can be set in `vim.g.tuning_ls`, all of it optional.
--- @class tuning_ls.Options
--- @field cmd? string[] The command that starts the server, such as `{ '/opt/tuning-ls', 'serve' }`.
--- @field enabled? boolean|fun(buffer: integer): boolean Whether a dataset is to be checked; all are by default.
--- @field filetypes? string[] File types of datasets, besides `jsonl` and `ndjson`.
--- @field settings? table The server's settings, such as `{ rules = { ['blank-line'] = 'off' } }`.

--- @return tuning_ls.Options
function M.options()
  local options = vim.g.tuning_ls
  return type(options) == 'table' and options or {}
end

--- Whether Neovim starts clients by itself, with `vim.lsp.enable`: 0.11 and later.
M.is_native = vim.lsp.enable ~= nil

--- Whether a buffer is shown by another plugin under a name that is no file's, such as a version from a history.
--- @param buffer integer
function M.is_view(buffer)
  return vim.bo[buffer].buftype ~= '' or vim.api.nvim_buf_get_name(buffer):match('^%a[%w+.-]+://') ~= nil
end

--- Whether a buffer is a dataset. A name counts as much as a type: plugins for big files give them a type of their own.
--- @param buffer integer
function M.is_dataset(buffer)
  if not vim.api.nvim_buf_is_loaded(buffer) or M.is_view(buffer) then
    return false
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  local types = vim.list_extend({ 'jsonl', 'ndjson' }, M.options().filetypes or {})
  return name:match('%.jsonl$') ~= nil or name:match('%.ndjson$') ~= nil or vim.tbl_contains(types, vim.bo[buffer].filetype)
end

--- Whether a buffer is a dataset that the user wants to be checked.
--- @param buffer integer
function M.is_wanted(buffer)
  if not M.is_dataset(buffer) then
    return false
  end
  local enabled = M.options().enabled
  if type(enabled) == 'function' then
    enabled = enabled(buffer) or false
  end
  -- From Vim script, false is 0.
  return enabled ~= false and enabled ~= 0
end

--- The configuration of the client, as `vim.lsp.config` takes it. It names no file types: `root_dir` decides.
function M.config()
  local settings = M.options().settings
  return {
    capabilities = M.capabilities(),
    cmd = function(dispatchers)
      return vim.lsp.rpc.start(require('tuning_ls.server').find().cmd, dispatchers)
    end,
    init_options = settings,
    name = 'tuning_ls',
    -- One server is for all datasets of a project, and for all that are in none; Neovim 0.10 would start another for
    -- each of the latter.
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

--- Before 0.11, Neovim says that it can take snippets, and inserts their names.
function M.capabilities()
  if vim.lsp.completion then
    return nil
  end
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.textDocument.completion.completionItem.snippetSupport = false
  return capabilities
end

--- The folder of the project that a buffer is in, if it is in one: the nearest with settings, else the repository.
--- @param buffer integer
function M.root(buffer)
  -- One after the other: older Neovims take the nearest of several, whichever it is.
  return vim.fs.root(buffer, 'tuning-ls.toml') or vim.fs.root(buffer, '.git')
end

--- The clients of a buffer, or those of all datasets, also such as are still starting.
--- @param buffer? integer
function M.clients(buffer)
  return vim.lsp.get_clients({ name = 'tuning_ls', bufnr = buffer, _uninitialized = true })
end

--- The client of a buffer, or that of any dataset, if it can be asked.
--- @param buffer? integer
function M.client(buffer)
  return vim.lsp.get_clients({ name = 'tuning_ls', bufnr = buffer })[1]
end

--- Attaches the server to a buffer that is a dataset and has none.
--- @param buffer integer
function M.attach(buffer)
  if not M.is_wanted(buffer) or #M.clients(buffer) > 0 then
    return
  end
  if M.is_native then
    -- As Neovim does it when the file gets its type, so that whatever is configured holds.
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

--- Makes a buffer keep its lines: one is an example, which must never be broken into two.
--- @param buffer integer
function M.keep_lines(buffer)
  vim.bo[buffer].textwidth = 0
  vim.bo[buffer].wrapmargin = 0
end

return M
