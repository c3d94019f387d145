-- For Neovim 0.11 and later: what `vim.lsp.enable('tuning_ls')` starts. `vim.lsp.config('tuning_ls', { … })` changes it.

return require('tuning_ls').config()
