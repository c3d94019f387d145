autocmd BufRead,BufNewFile *.jsonl,*.ndjson setfiletype jsonl
" Each line is one example, so never break lines automatically.
autocmd FileType jsonl setlocal textwidth=0 wrapmargin=0
