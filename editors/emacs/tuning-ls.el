;;; tuning-ls.el --- Check and fix fine-tuning datasets with eglot  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "30.1"))
;; Keywords: languages, tools

;;; Commentary:

;; A mode for JSON Lines, its language server `tuning-ls', and commands that apply the server's actions to a whole file.
;; To set it up, load this file.

;;; Code:

(require 'eglot)

(defgroup tuning-ls nil
  "Fine-tuning datasets in JSON Lines."
  :group 'languages)

(defcustom tuning-ls-command '("tuning-ls" "serve")
  "The command that starts the server."
  :type '(repeat string))

(defcustom tuning-ls-settings nil
  "The server's settings, as a property list.
For example (:rules (:blank-line \"off\") :mediaResolution \"MEDIA_RESOLUTION_LOW\")."
  :type 'plist)

(defvar jsonl-font-lock-keywords
  `((,(rx (group "\"" (* (or (not (any "\"\\\n")) (seq "\\" nonl))) "\"") (* blank) ":") 1 font-lock-keyword-face t)
    (,(rx symbol-start (or "true" "false" "null") symbol-end) . font-lock-constant-face))
  "Highlighting of JSON Lines in addition to strings: keys and literals.")

;;;###autoload
(define-derived-mode jsonl-mode prog-mode "JSONL"
  "Mode for JSON Lines: one JSON value per line."
  (setq-local comment-start nil)
  ;; Each line is one example, so never break lines automatically.
  (setq-local normal-auto-fill-function #'ignore)
  (setq-local font-lock-defaults '(jsonl-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.\\(?:jsonl\\|ndjson\\)\\'" . jsonl-mode))

(defun tuning-ls--contact (&rest _)
  "How eglot starts the server, with the current settings."
  (append tuning-ls-command
          (when tuning-ls-settings (list :initializationOptions tuning-ls-settings))))

(add-to-list 'eglot-server-programs '((jsonl-mode :language-id "jsonl") . tuning-ls--contact))

;;;###autoload
(add-hook 'jsonl-mode-hook #'eglot-ensure)

(defun tuning-ls-fix-all ()
  "Apply all safe fixes in the file."
  (interactive)
  (tuning-ls--act "source.fixAll.tuning-ls"))

(defun tuning-ls-normalize-file ()
  "Make every line of the file canonical."
  (interactive)
  (tuning-ls--act "source.normalize.tuning-ls"))

(defun tuning-ls-set-shared-value ()
  "Set a value that all examples of the file must share.  Ask for the value."
  (interactive)
  (tuning-ls--act "source.setShared.tuning-ls"))

(defalias 'tuning-ls-set-media-resolution #'tuning-ls-set-shared-value "The former name.")

(defun tuning-ls--act (kind)
  "Apply the code action of KIND to the whole file.  Ask if there are several."
  (eglot-code-actions (point-min) nil kind t))

(defun tuning-ls-show-dataset-summary ()
  "Show the number of examples, what the job would drop, and the findings."
  (interactive)
  (let ((summary (tuning-ls--request :tuning-ls/datasetSummary `(:uri ,(eglot-path-to-uri buffer-file-name)))))
    (with-help-window "*tuning-ls summary*"
      (princ (plist-get summary :markdown)))))

(defun tuning-ls-explain-rule (code)
  "Open the page of the rule CODE.  Interactively, the finding at point is the default."
  (interactive
   (let ((here (tuning-ls--code-at-point)))
     (list (completing-read (format-prompt "Rule" here) (mapcar #'car (tuning-ls--rules)) nil t nil nil here))))
  (find-file-read-only (or (cdr (assoc code (tuning-ls--rules))) (user-error "There is no page of %s" code))))

(defun tuning-ls--rules ()
  "The codes of all rules, each with the file of its page."
  (mapcar (lambda (rule)
            (cons (plist-get rule :code)
                  (let ((page (plist-get rule :page))) (and page (eglot-uri-to-path page)))))
          (tuning-ls--request :tuning-ls/rules nil)))

(defun tuning-ls--request (method params)
  "Send METHOD with PARAMS to the server of this buffer, after all pending changes."
  (let ((server (or (eglot-current-server) (user-error "No server runs for this buffer"))))
    (eglot--signal-textDocument/didChange)
    (jsonrpc-request server method params)))

(defun tuning-ls--code-at-point ()
  "The code of the rule whose finding is at point, or on its line."
  (let* ((found (or (flymake-diagnostics (point)) (flymake-diagnostics (pos-bol) (pos-eol))))
         (data (and found (flymake-diagnostic-data (car found)))))
    (plist-get (alist-get 'eglot-lsp-diag data) :code)))

(provide 'tuning-ls)
;;; tuning-ls.el ends here
