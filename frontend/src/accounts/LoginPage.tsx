import { Loading } from "../shared/States";

export function LoginPage() {
  return <Loading />;
}
