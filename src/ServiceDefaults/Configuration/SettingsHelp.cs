namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Writes settings as <c>--help</c> shows them.</summary>
public static class SettingsHelp
{
    private const int Width = 100;
    private const string Indent = "      ";

    /// <summary>Writes all of <paramref name="settings"/> by section: name, other names, meaning, what is allowed, default.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Setting> settings)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(settings);
        output.WriteLine("Settings, each as an argument (--Name=value), as an environment variable (Name, with __ for :) or in appsettings.json:");
        foreach (var section in settings.GroupBy(setting => setting.Section))
        {
            output.WriteLine();
            output.WriteLine(section.Key);
            foreach (var setting in section)
            {
                var aliases = setting.Aliases.Count == 0 ? "" : $"  (also {string.Join(", ", setting.Aliases)})";
                output.WriteLine($"  --{setting.Name}={aliases}");
                WriteWrapped(output, setting.Meaning);
                WriteWrapped(output, $"Allowed: {setting.Allowed}. Default: {(setting.Default == "-" ? "none" : setting.Default)}.");
            }
        }
    }

    private static void WriteWrapped(TextWriter output, string text)
    {
        var line = Indent;
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length > Width && line.Length > Indent.Length)
            {
                output.WriteLine(line.TrimEnd());
                line = Indent;
            }

            line += word + " ";
        }

        output.WriteLine(line.TrimEnd());
    }
}
