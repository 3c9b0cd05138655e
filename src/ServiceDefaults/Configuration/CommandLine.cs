namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// Checks the command line: .NET's configuration takes any <c>--name value</c> without a word, so <c>--prot 9000</c> would be ignored.
/// </summary>
public static class CommandLine
{
    // What .NET itself, and the parts of the app that are no settings of ours, read.
    private static readonly string[] Common = ["urls", "http_ports", "https_ports", "environment", "contentRoot"];
    private static readonly string[] Sections = ["Logging:", "Kestrel:", "ConnectionStrings:", "services:", "OTEL_"];

    /// <summary>True if the command line asks what there is to say: <c>--help</c>, <c>-h</c>, <c>-?</c> anywhere, or <c>help</c> as its first word.</summary>
    public static bool AsksForHelp(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args is ["help", ..] || args.Any(arg => arg is "--help" or "-h" or "-?");
    }

    /// <summary>Checks that each argument is one that the service reads.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="settings">The settings of the service; each may be given by its name or an alias.</param>
    /// <param name="options">What else the service reads, without <c>--</c>.</param>
    /// <exception cref="SettingsException">An argument is none of them.</exception>
    public static void Check(IReadOnlyList<string> args, IReadOnlyList<Setting> settings, params string[] options)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        Check(args, settings, options, argument => $"'{Shorten(argument)}' is not an option; there are "
            + $"{string.Join(", ", options.Concat(Common).Select(o => $"--{o}"))} and every setting by its name (--{settings[0].Name}=…).");
    }

    /// <summary>The same, in the words of a command line that has more than settings.</summary>
    /// <param name="args">What is left of the command line.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="options">What else is read, without <c>--</c>.</param>
    /// <param name="explain">The error for an argument that is none.</param>
    internal static void Check(IReadOnlyList<string> args, IReadOnlyList<Setting> settings, string[] options, Func<string, string> explain)
    {
        string[] plain = [.. options, .. Common];
        var errors = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].TrimStart('-', '/').Split('=')[0];
            var valueIsNext = !args[i].Contains('=', StringComparison.Ordinal);
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !IsRead(name, settings, plain))
            {
                errors.Add(explain(args[i]));
                i += valueIsNext && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
            }
            else if (valueIsNext && ++i == args.Count)
            {
                errors.Add($"--{name} needs a value.");
            }
        }

        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }
    }

    /// <summary>The arguments that a service reads, of those that are for several in one process. Each was checked before.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="settings">The settings of the service.</param>
    /// <param name="options">What else the service reads, without <c>--</c>.</param>
    public static string[] Select(IReadOnlyList<string> args, IReadOnlyList<Setting> settings, params string[] options)
    {
        ArgumentNullException.ThrowIfNull(args);
        var selected = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var count = args[i].Contains('=', StringComparison.Ordinal) || i + 1 == args.Count ? 1 : 2;
            if (IsRead(args[i].TrimStart('-').Split('=')[0], settings, options))
            {
                selected.AddRange(args.Skip(i).Take(count));
            }

            i += count - 1;
        }

        return [.. selected];
    }

    /// <summary>True if <paramref name="name"/>, without <c>--</c>, is a setting of these or in a section of theirs, or one of .NET's own.</summary>
    public static bool IsSetting(string name, IReadOnlyList<Setting> settings) => IsRead(name, settings, []);

    /// <summary>True if <paramref name="name"/> is read by .NET itself, or by a part of the app that has no settings of ours.</summary>
    internal static bool IsCommon(string name) => IsRead(name, [], Common);

    // A name that is wrong within a section of ours is found, and a better one suggested, where the settings are read.
    private static bool IsRead(string name, IReadOnlyList<Setting> settings, string[] plain)
        => plain.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Sections.Any(s => name.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            || settings.Any(s => (s.IsOfAnotherService
                    ? name.Equals(s.Name, StringComparison.OrdinalIgnoreCase)
                    : name.StartsWith(s.Section + ":", StringComparison.OrdinalIgnoreCase))
                || s.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A word of the command line as it may be shown: what stands where an option should may be a key that slipped there.</summary>
    public static string Shorten(string text) => text.Length <= 24 || text.StartsWith("--", StringComparison.Ordinal) ? text.Split('=')[0] : text[..6] + "…";
}
