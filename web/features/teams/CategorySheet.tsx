import { useQuery } from '@tanstack/react-query'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { queryOf, useCall, useSend } from '../../kernel/query.ts'
import { type Option, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { routingTexts } from '../routing/texts.ts'
import { type Category, useCategoryOptions } from './categories.ts'
import { teamTexts } from './texts.ts'

type Props = { category?: Category; parentId?: string | null; onClose: () => void }

export function CategorySheet(props: Props) {
  const skills = useCall('GET /api/skills').data?.items
  // Read anew each time: the form begins with what is stored now.
  const asked = useQuery({ ...queryOf('GET /api/category-skills'), gcTime: 0 }).data?.items
  if (!skills || !asked) return null
  const ids = asked.find((one) => one.categoryId === props.category?.id)?.skillIds ?? []
  const options = skills.map(({ id, name }) => ({ value: id, label: name }))
  return <Filled {...props} skills={options} asks={options.filter(({ value }) => ids.includes(value))} />
}

function Filled({ category, parentId = null, onClose, skills, asks }: Props & { skills: Option[]; asks: Option[] }) {
  const t = useTexts(teamTexts)
  const language = useLanguage()
  const r = useTexts(routingTexts)
  const form = useForm({
    en: category?.name.en ?? '',
    de: category?.name.de ?? '',
    parentId: category ? category.parentId : parentId,
    skillIds: asks,
  })
  const parents = useCategoryOptions(category?.id)
  const done = () => {
    toast(t('saved'))
    onClose()
  }
  const setSkills = useSend('PUT /api/categories/:id/skills', {
    renews: ['GET /api/category-skills'],
    onDone: done,
    onProblem: form.take,
  })
  /** What it asks for is a list of its own, written when it is another. */
  const onDone = (made?: { id: string }) => {
    const ids = form.values.skillIds.map(({ value }) => value)
    const id = category?.id ?? made?.id
    if (id === undefined || ids.join() === asks.map(({ value }) => value).join()) done()
    else setSkills.mutate({ params: { id }, body: { skillIds: ids } })
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
      busy={add.isPending || edit.isPending || setSkills.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('nameEn')} lang="en" data-autofocus {...form.text('en')} />
      <TextField label={t('nameDe')} lang="de" {...form.text('de')} />
      <SelectField label={t('parent')} placeholder={t('top')} clearable options={parents} {...form.value('parentId')} />
      {skills.length > 0 && (
        <ManyField label={r('categorySkills')} hint={r('categorySkillsHint')} options={skills} {...form.value('skillIds')} />
      )}
    </FormSheet>
  )
}

/** `name.en` is the field `en`. */
export function withNames(cause: unknown): unknown {
  const issues = (cause as { issues?: { path: string }[] }).issues
  for (const issue of issues ?? []) issue.path = issue.path.replace(/^(body\.)?name\./, '')
  return cause
}
