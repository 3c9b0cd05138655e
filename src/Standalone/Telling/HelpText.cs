using System.CommandLine;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>
/// What help says of each command and flag, in one language. A symbol is found by its path, <c>prices show MODEL</c>; a flag that several
/// commands have also by its name alone.
/// </summary>
/// <param name="Usage">The heading of the first line.</param>
/// <param name="Commands">The heading of the commands.</param>
/// <param name="Arguments">The heading of the arguments.</param>
/// <param name="Options">The heading of the flags.</param>
/// <param name="Settings">What stands for settings in the first line.</param>
/// <param name="Entries">The descriptions.</param>
internal sealed partial record HelpText(
    string Usage, string Commands, string Arguments, string Options, string Settings, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>The text in the language of the environment, as the banner's.</summary>
    public static HelpText OfThisMachine() => BannerText.IsChinese(Environment.GetEnvironmentVariable) ? Chinese : English;

    /// <summary>Gives every symbol below <paramref name="command"/>, and itself, its description.</summary>
    public void Describe(Command command) => Describe(command, "");

    private void Describe(Command command, string path)
    {
        command.Description = Entries[path];
        foreach (var argument in command.Arguments)
        {
            argument.Description = Of(path, argument.Name);
        }

        foreach (var option in command.Options)
        {
            option.Description = Of(path, option.Name);
        }

        foreach (var child in command.Subcommands)
        {
            Describe(child, $"{path} {child.Name}".TrimStart());
        }
    }

    private string Of(string path, string name) => Entries.TryGetValue($"{path} {name}", out var text) ? text : Entries[name];
}
