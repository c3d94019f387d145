" The linter for ALE, which finds this file on the runtime path.

call ale#Set('tuning_ls_executable', 'tuning-ls')
" The server's settings, such as {'rules': {'blank-line': 'off'}}.
call ale#Set('tuning_ls_settings', {})

function! s:Root(buffer) abort
  let l:settings = ale#path#FindNearestFile(a:buffer, 'tuning-ls.toml')
  if l:settings isnot# ''
    return fnamemodify(l:settings, ':h')
  endif
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return l:git isnot# '' ? fnamemodify(l:git, ':h:h') : expand('#' . a:buffer . ':p:h')
endfunction

call ale#linter#Define('jsonl', {
\   'name': 'tuning_ls',
\   'lsp': 'stdio',
\   'language': 'jsonl',
\   'executable': {buffer -> ale#Var(buffer, 'tuning_ls_executable')},
\   'command': '%e serve',
\   'project_root': function('s:Root'),
\   'initialization_options': {buffer -> ale#Var(buffer, 'tuning_ls_settings')},
\})
