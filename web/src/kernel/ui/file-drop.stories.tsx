import { useState } from 'react'
import { FileDrop } from './file-drop'
import type { Stories } from './story'

const Choosing = ({ isDisabled = false }: { isDisabled?: boolean }) => {
  const [file, setFile] = useState<File | null>(null)
  return (
    <FileDrop
      label="Choose a CSV file or drop it here"
      hint="The first line names the columns."
      accept=".csv,text/csv"
      file={file}
      onFile={setFile}
      isDisabled={isDisabled}
    />
  )
}

export const stories: Stories = {
  FileDrop: () => <Choosing />,
  'FileDrop, busy': () => <Choosing isDisabled />,
}
