using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;

namespace OpenAIProxy.Standalone.Options;

/// <summary>Finds arguments that are neither a flag of the command nor a setting.</summary>
internal static class UnknownFlags
{
    // Of a word of six letters two may be wrong.
    private const int LettersPerError = 3;

    /// <summary>Checks what the command's flags have left over.</summary>
    /// <exception cref="SettingsException">There is one; lists all.</exception>
    public static void Check(ParsedFlags parsed)
        => CommandLine.Check(parsed.Others, OneProcess.Settings, ["port", "workers"], argument => Explain(argument, parsed));

    private static string Explain(string argument, ParsedFlags parsed)
    {
        var shown = CommandLine.Shorten(argument);
        var name = argument.Split('=')[0];
        if (parsed.Names.Contains(name))
        {
            return $"'{shown}' stands after '--', where only settings are read. Put it before.";
        }

        var meant = Nearest(name, parsed.Names) is { } nearest ? $" Did you mean {nearest}?" : "";
        return $"'{shown}' is not an option of openai-proxy {parsed.Command}.{meant} 'openai-proxy {parsed.Command} --help' says what there is; "
            + $"every setting may be given by its name, too (--{OneProcess.Settings[0].Name}=…).";
    }

    private static string? Nearest(string name, IEnumerable<string> flags)
    {
        var names = flags.Concat(OneProcess.Settings.SelectMany(setting => setting.Aliases.Prepend(setting.Name)).Select(setting => $"--{setting}"));
        var (nearest, errors) = names.Select(known => (known, EditDistance.Of(name, known))).MinBy(known => known.Item2);
        return errors <= name.TrimStart('-').Length / LettersPerError ? nearest : null;
    }
}
