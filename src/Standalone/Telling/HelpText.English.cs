using System.Collections.Frozen;

namespace OpenAIProxy.Standalone.Telling;

internal sealed partial record HelpText
{
    private static readonly HelpText English = new("Usage", "Commands", "Arguments", "Options", "--SETTING=value", new Dictionary<string, string>
    {
        [""] = "A gateway for the OpenAI API with its billing service, in one process. Without a command it runs.",
        ["--help"] = "Shows this text.",
        ["--version"] = "Shows the version.",
        ["--json"] = "Prints one JSON object instead.",
        ["--port"] = "The port; default 8000 or PORT; 0 takes any free one.",
        ["--api-key"] = "The operator's key for the upstream, or several with commas between (OpenAI:ApiKey).",
        ["--base-url"] = "The upstream, if it is not OpenAI (OpenAI:BaseUrl).",
        ["--access-key"] = "A key for callers, fk-…, or several with commas between (Access:Keys).",
        ["--route-prefix"] = "A path such as /openai under which everything lives, too (Forwarding:RoutePrefix).",
        ["--workers"] = "Taken for the sake of older command lines: one process uses all processor cores.",
        ["--data"] = "The folder of ledger and journal; default $STATE_DIRECTORY, $XDG_STATE_HOME/openai-proxy or ~/.local/state/openai-proxy.",
        ["--config"] = "A file with settings, in the form of appsettings.json.",
        ["run"] = "Serves: gateway and billing service in one process, on one port.",
        ["run --demo"] = "A simulator is the upstream: no key needed.",
        ["health"] = "Asks the process on this machine whether it is alive. Exit code 0 if it is, else 1.",
        ["health --port"] = "The port to ask; default that of run with the same settings.",
        ["check"] = "Checks the settings, tries the upstream without spending, and says what is open to whom. Exit code 1 if there are errors.",
        ["usage"] = "Shows what the ledger has: requests, tokens and dollars.",
        ["usage --from"] = "The first day, YYYY-MM-DD; default the first of 30 days until --to.",
        ["usage --to"] = "The last day; default today.",
        ["usage --group-by"] = "One or more of day, model, endpoint, key, with commas between; default day,model.",
        ["usage --tz"] = "The time zone of the days, such as Asia/Shanghai; default UTC.",
        ["usage --key"] = "Only the usage of this key: its name, or its id (key_…).",
        ["usage --csv"] = "Prints CSV instead, without the total.",
        ["prices"] = "The prices that usage is counted with.",
        ["prices check"] = "Says what is missing or inconsistent in the prices, Pricing:File included. Exit code 1 if there are errors.",
        ["prices show"] = "Says what usage of a model is priced by today. Exit code 1 if it has no price.",
        ["prices show MODEL"] = "The model, a snapshot of it, or tool: and the name of a tool.",
        ["prices update"] = "Puts newer prices into Pricing:File, checked and at once. Exit code 1, and nothing changed, if they can't be used.",
        ["prices update FILE|URL"] = "Where the newer prices are.",
        ["reconcile"] = "Sets the ledger's dollars beside OpenAI's organization costs, day by day. Exit code 1 if either can't be had.",
        ["reconcile --admin-key-env"] = "The environment variable that holds an admin key (sk-admin-…).",
        ["reconcile --from"] = "The first day, YYYY-MM-DD.",
        ["reconcile --to"] = "The last day.",
        ["resend"] = "Sends usage that the billing service refused to the ledger once more. Exit code 1 if some of it is left.",
        ["completion"] = "Prints a script that has a shell complete the command line.",
        ["completion SHELL"] = "bash, zsh, fish or pwsh.",
    }.ToFrozenDictionary());
}
