/** What is exported as, and where to: the last choice, for every adapter and after a restart. */
import { exportFormNames, exportForms, type ExportFormName } from '../../shared/export-forms.ts';

const keys = {
  form: 'export.form',
  folder: 'export.folder',
  type: (form: ExportFormName) => `export.type.${form}`,
};

function storedForm(): ExportFormName {
  const stored = localStorage.getItem(keys.form);
  return exportFormNames.find((name) => name === stored) ?? 'huggingface';
}

/** The usual one where none was chosen; null where there is no choice. */
function storedType(form: ExportFormName): string | null {
  const stored = localStorage.getItem(keys.type(form));
  const types: readonly string[] = exportForms[form].types;
  return types.find((type) => type === stored) ?? types[0] ?? null;
}

class ExportChoice {
  #form = $state(storedForm());
  #types = $state(Object.fromEntries(exportFormNames.map((form) => [form, storedType(form)])));
  #folder = $state(localStorage.getItem(keys.folder));

  get form(): ExportFormName {
    return this.#form;
  }

  typeOf(form: ExportFormName): string | null {
    return this.#types[form] ?? null;
  }

  /** The folder that exports are put into; null for the studio's own. */
  get folder(): string | null {
    return this.#folder;
  }

  chooseForm(form: ExportFormName): void {
    this.#form = form;
    localStorage.setItem(keys.form, form);
  }

  chooseType(form: ExportFormName, type: string): void {
    this.#types[form] = type;
    localStorage.setItem(keys.type(form), type);
  }

  chooseFolder(folder: string | null): void {
    this.#folder = folder;
    if (folder === null) localStorage.removeItem(keys.folder);
    else localStorage.setItem(keys.folder, folder);
  }
}

export const exportChoice = new ExportChoice();
