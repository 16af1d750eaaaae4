import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Form, Modal } from '@/kernel/ui'
import { refreshAccess } from './queries'
import { Refusal } from './refusal'

interface FormDialogProps<Body, Answer> {
  title: string
  verb: string
  initial: Partial<Body>
  send: (body: Body) => Promise<Answer>
  onSent: (answer: Answer) => void
  onClose: () => void
  children: ReactNode
}

/** Ask for what makes something new, send it, and say why it was refused. */
export const FormDialog = <Body extends object, Answer>(props: FormDialogProps<Body, Answer>) => {
  const [form] = Form.useForm<Body>()
  const sending = useMutation({
    mutationFn: props.send,
    onSuccess: async (answer) => {
      await refreshAccess()
      props.onSent(answer)
    },
  })
  return (
    <Modal
      open
      title={props.title}
      okText={props.verb}
      okButtonProps={{ loading: sending.isPending }}
      onOk={form.submit}
      onCancel={props.onClose}
    >
      <Form<Body>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={props.initial}
        onFinish={(body) => sending.mutate(body)}
      >
        {props.children}
        <Refusal error={sending.error} />
      </Form>
    </Modal>
  )
}
