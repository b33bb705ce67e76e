import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast } from '../../ui/Toast.tsx'
import { type Category, useCategoryOptions } from './categories.ts'
import { teamTexts } from './texts.ts'

type Props = { category?: Category; parentId?: string | null; onClose: () => void }

export function CategorySheet({ category, parentId = null, onClose }: Props) {
  const t = useTexts(teamTexts)
  const language = useLanguage()
  const form = useForm({ en: category?.name.en ?? '', de: category?.name.de ?? '', parentId: category ? category.parentId : parentId })
  const parents = useCategoryOptions(category?.id)
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  /** The server names fields of the name; here they are two. */
  const problem = { renews: ['GET /api/categories'] as const, onDone, onProblem: (cause: unknown) => form.take(withNames(cause)) }
  const add = useSend('POST /api/categories', problem)
  const edit = useSend('PATCH /api/categories/:id', problem)
  const save = () => {
    const { en, de, parentId: parent } = form.values
    const body = { name: { en, de }, parentId: parent }
    if (category) edit.mutate({ params: { id: category.id }, body })
    else add.mutate({ body })
  }
  return (
    <FormSheet
      title={category ? t('editCategory', { name: category.name[language] }) : t('newCategory')}
      wide={false}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('nameEn')} lang="en" data-autofocus {...form.text('en')} />
      <TextField label={t('nameDe')} lang="de" {...form.text('de')} />
      <SelectField label={t('parent')} placeholder={t('top')} clearable options={parents} {...form.value('parentId')} />
    </FormSheet>
  )
}

/** `name.en` is the field `en`. */
export function withNames(cause: unknown): unknown {
  const issues = (cause as { issues?: { path: string }[] }).issues
  for (const issue of issues ?? []) issue.path = issue.path.replace(/^(body\.)?name\./, '')
  return cause
}
