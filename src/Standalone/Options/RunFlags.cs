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
        (Text("--port", "N"), "port"),
        (Text("--api-key", "KEY"), "OpenAI:ApiKey"),
        (Text("--base-url", "URL"), "OpenAI:BaseUrl"),
        (Text("--access-key", "KEY"), "Access:Keys"),
        (Text("--route-prefix", "PATH"), "Forwarding:RoutePrefix"),
        (Text("--workers", "N"), "workers"),
    ];

    private readonly SettingsFlags _common;
    private readonly Option<bool> _demo = new("--demo") { Arity = ArgumentArity.Zero };

    /// <summary>Adds all to <paramref name="command"/>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasDemo">False for a command that starts nothing.</param>
    public RunFlags(Command command, bool hasDemo = true)
    {
        foreach (var (flag, _) in _settings)
        {
            command.Options.Add(flag);
        }

        _common = new SettingsFlags(command);
        if (hasDemo)
        {
            command.Options.Add(_demo);
        }
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

    private static bool IsUpstream(string argument)
        => UpstreamSettings.Any(name => argument.Split('=')[0].Equals($"--{name}", StringComparison.OrdinalIgnoreCase));

    private static Option<string> Text(string name, string value) => new(name) { HelpName = value };
}
