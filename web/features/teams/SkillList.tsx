import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { SkillMenu } from './SkillMenu.tsx'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

export function SkillList() {
  const t = useTexts(teamTexts)
  const mayEdit = useMay('team.edit')
  const skills = useCall('GET /api/skills')
  const form = useForm({ name: '' })
  const add = useSend('POST /api/skills', { renews: ['GET /api/skills'], onDone: () => form.reset(), onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    add.mutate({ body: form.values })
  }
  return (
    <Section title={t('skills')} lead={t('skillsLead')}>
      <Loaded from={skills} rows={1}>
        {({ items }) => (
          <div className={styles.skills}>
            {items.length === 0 && <p className="dim small">{t('noSkills')}</p>}
            {items.map((skill) => (mayEdit ? <SkillMenu key={skill.id} skill={skill} /> : <Badge key={skill.id}>{skill.name}</Badge>))}
          </div>
        )}
      </Loaded>
      {mayEdit && (
        <form className={styles.skillForm} onSubmit={submit} noValidate>
          <TextField label={t('skillName')} {...form.text('name')} />
          <Button type="submit" busy={add.isPending} size="sm">
            {t('add')}
          </Button>
        </form>
      )}
      <FormProblem text={form.problem} />
    </Section>
  )
}
