import { Loading } from "../shared/States";

export function AgreementPage() {
  return <Loading />;
}
