using System.CommandLine;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Standalone.Options;

/// <summary>
/// The flags of <c>openai-proxy run</c>. Each that takes a value, but for the two that every command has, is another name of a setting.
/// </summary>
internal sealed class RunFlags
{
    private static readonly string[] UpstreamSettings = ["OpenAI:BaseUrl", "OpenAI:ApiKey"];

    private readonly (Option<string> Flag, string Setting)[] _settings =
    [
        (new Option<string>("--port") { Description = "The port; default 8000 or PORT; 0 takes any free one.", HelpName = "N" }, "port"),
        (Text("--api-key", "The operator's key for the upstream, or several with commas between (OpenAI:ApiKey).", "KEY"), "OpenAI:ApiKey"),
        (Text("--base-url", "The upstream, if it is not OpenAI (OpenAI:BaseUrl).", "URL"), "OpenAI:BaseUrl"),
        (Text("--access-key", "A key for callers, fk-…, or several with commas between (Access:Keys).", "KEY"), "Access:Keys"),
        (Text("--route-prefix", "A path such as /openai under which everything lives, too (Forwarding:RoutePrefix).", "PATH"), "Forwarding:RoutePrefix"),
        (Text("--workers", "Taken for the sake of older command lines: one process uses all processor cores.", "N"), "workers"),
    ];

    private readonly SettingsFlags _common;
    private readonly Option<bool> _demo = new("--demo") { Description = "A simulator is the upstream: no key needed.", Arity = ArgumentArity.Zero };

    /// <summary>Adds all to <paramref name="command"/>.</summary>
    public RunFlags(Command command)
    {
        foreach (var (flag, _) in _settings)
        {
            command.Options.Add(flag);
        }

        _common = new SettingsFlags(command);
        command.Options.Add(_demo);
    }

    /// <summary>What was said.</summary>
    /// <exception cref="SettingsException">It contradicts itself.</exception>
    public ParsedFlags Read(ParseResult result)
    {
        var said = _settings.Where(s => result.GetResult(s.Flag) is not null).ToArray();
        var parsed = _common.Read(result, [.. said.Select(s => $"--{s.Setting}={result.GetValue(s.Flag)}")]) with { IsDemo = result.GetValue(_demo) };
        if (parsed.IsDemo)
        {
            string[] upstreams = [.. said.Where(s => UpstreamSettings.Contains(s.Setting)).Select(s => s.Flag.Name), .. parsed.Others.Where(IsUpstream)];
            if (upstreams.Length > 0)
            {
                throw new SettingsException(
                [
                    .. upstreams.Select(flag => $"{_demo.Name} and {CommandLine.Shorten(flag)} exclude each other: the upstream of a demo is its simulator."),
                ]);
            }
        }

        return parsed;
    }

    private static bool IsUpstream(string argument) => UpstreamSettings.Any(name => argument.Split('=')[0].Equals($"--{name}", StringComparison.OrdinalIgnoreCase));

    private static Option<string> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };
}
