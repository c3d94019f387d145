-- The configuration of `vim.lsp.enable('tuning_ls')` for Neovim 0.11 and later. `vim.lsp.config('tuning_ls', { … })`
-- changes it.

return require('tuning_ls').config()
