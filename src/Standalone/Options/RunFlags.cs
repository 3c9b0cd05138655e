using System.CommandLine;

namespace OpenAIProxy.Standalone.Options;

/// <summary>
/// The flags of <c>openai-proxy run</c>. Each that takes a value, but for the three that are of this process alone, is another name of a setting.
/// </summary>
internal sealed class RunFlags
{
    private readonly (Option<string> Flag, string Setting)[] _settings =
    [
        (new Option<string>("--port") { Description = "The port; default 8000 or PORT; 0 takes any free one.", HelpName = "N" }, "port"),
        (Text("--api-key", "The operator's key for the upstream, or several with commas between (OpenAI:ApiKey).", "KEY"), "OpenAI:ApiKey"),
        (Text("--base-url", "The upstream, if it is not OpenAI (OpenAI:BaseUrl).", "URL"), "OpenAI:BaseUrl"),
        (Text("--access-key", "A key for callers, fk-…, or several with commas between (Access:Keys).", "KEY"), "Access:Keys"),
        (Text("--route-prefix", "A path such as /openai under which everything lives, too (Forwarding:RoutePrefix).", "PATH"), "Forwarding:RoutePrefix"),
        (Text("--workers", "Taken for the sake of older command lines: one process uses all processor cores.", "N"), "workers"),
    ];

    private readonly Option<string> _data = Text("--data", "The folder of ledger and journal; default $XDG_STATE_HOME/openai-proxy or ~/.local/state/openai-proxy.", "DIR");
    private readonly Option<string> _config = Text("--config", "A file with settings, in the form of appsettings.json.", "FILE");
    private readonly Option<bool> _demo = new("--demo") { Description = "A simulator is the upstream: no key needed.", Arity = ArgumentArity.Zero };

    /// <summary>Adds all to <paramref name="command"/>.</summary>
    public RunFlags AddTo(Command command)
    {
        foreach (var (flag, _) in _settings)
        {
            command.Options.Add(flag);
        }

        command.Options.Add(_data);
        command.Options.Add(_config);
        command.Options.Add(_demo);
        // --Section:Name=value, checked where settings are read.
        command.TreatUnmatchedTokensAsErrors = false;
        return this;
    }

    /// <summary>What was said.</summary>
    public ParsedFlags Read(ParseResult result) => new(
        [.. _settings.Where(s => result.GetResult(s.Flag) is not null).Select(s => $"--{s.Setting}={result.GetValue(s.Flag)}")],
        [.. result.UnmatchedTokens], result.GetValue(_data), result.GetValue(_config), result.GetValue(_demo));

    private static Option<string> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };
}
