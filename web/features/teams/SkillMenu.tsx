import { IconPencil, IconTrash } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { teamTexts } from './texts.ts'

type Skill = { id: string; name: string }
const renews = ['GET /api/skills', 'GET /api/people/:id'] as const

/** What can be done with one skill, behind its name. */
export function SkillMenu({ skill }: { skill: Skill }) {
  const t = useTexts(teamTexts)
  const [renaming, setRenaming] = useState(false)
  const [confirm, question] = useConfirm()
  const { name } = skill
  const remove = useSend('DELETE /api/skills/:id', {
    renews,
    onDone: () => void toast(t('skillRemoved', { name })),
    onProblem: toastProblem,
  })
  const ask = async () => {
    if (await confirm({ title: t('removeSkillTitle', { name }), text: t('removeSkillText'), action: t('removeSkill'), danger: true }))
      remove.mutate({ params: { id: skill.id } })
  }
  return (
    <>
      <Menu
        target={<Button>{name}</Button>}
        entries={[
          { key: 'rename', label: t('renameSkill'), icon: <IconPencil size={16} stroke={1.7} />, run: () => setRenaming(true) },
          { key: 'remove', label: t('removeSkill'), icon: <IconTrash size={16} stroke={1.7} />, danger: true, run: () => void ask() },
        ]}
      />
      {question}
      {renaming && <RenameSkill skill={skill} onClose={() => setRenaming(false)} />}
    </>
  )
}

function RenameSkill({ skill, onClose }: { skill: Skill; onClose: () => void }) {
  const t = useTexts(teamTexts)
  const say = useTexts(uiTexts)
  const form = useForm({ name: skill.name })
  const rename = useSend('PATCH /api/skills/:id', { renews, onDone: onClose, onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    rename.mutate({ params: { id: skill.id }, body: form.values })
  }
  return (
    <Dialog title={t('renameSkill')} open onClose={onClose} size="sm">
      <form onSubmit={submit} noValidate>
        <TextField label={t('name')} data-autofocus {...form.text('name')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="main" type="submit" busy={rename.isPending}>
            {t('renameSkill')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
