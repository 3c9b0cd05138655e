using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>How usage is found and kept until the billing service has it.</summary>
/// <param name="IsOn">False if there is no billing service to tell, or it was switched off.</param>
/// <param name="AskForUsage">True if streams that don't ask for their usage get the question put in.</param>
/// <param name="OnClientAbort">What happens when a client leaves.</param>
/// <param name="JournalDirectory">The folder of the journal. Gateways may share one: each process has a folder of its own in it.</param>
/// <param name="RequireJournal">True if requests are refused while the journal can't be written.</param>
/// <param name="NewNamesPerDay">How many names of models that the price book doesn't list a key may bring into the records in a UTC day.</param>
/// <param name="NewKeysPerDay">How many keys of callers' own the records tell apart in a UTC day.</param>
/// <param name="InternalToken">The secret shared with the billing service. Null only if <paramref name="IsOn"/> is false.</param>
public sealed record MeteringSettings(
    bool IsOn, bool AskForUsage, ClientAbort OnClientAbort, string JournalDirectory, bool RequireJournal, int NewNamesPerDay, int NewKeysPerDay,
    string? InternalToken)
{
    private const string DefaultDirectory = ".data/journal";
    private const int DefaultNames = 200;
    private const int DefaultKeys = 10_000;

    /// <summary>The settings of the section <c>Metering</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Metering:Enabled", "true", "true or false",
            "Whether usage is counted and reported to the billing service. Without a billing service it never is."),
        new("Metering:AskForUsage", "true", "true or false",
            "Whether a chat or completion stream whose client doesn't ask for its usage is asked in the client's place; the extra chunk is taken out again."),
        new("Metering:OnClientAbort", "Cancel", "Cancel (at once; usage is estimated) or Drain (read on for exact usage, at most 60 s and 1 MB)",
            "What happens to the upstream's answer when the client leaves in its middle."),
        new("Metering:JournalDirectory", DefaultDirectory, "a folder that survives restarts; gateways may share one",
            "Where usage is kept until the billing service has it."),
        new("Metering:RequireJournal", "false", "true or false",
            "Whether calls are refused with 503 while usage can't be written down, such as on a full disk."),
        new("Metering:NewNamesPerDay", "200", "a whole number from 1 to 10000",
            "How many models that the price book doesn't list a key can bring into the ledger in a day, by answers that succeeded; the rest is one row, (other). Each gateway counts for itself."),
        new("Metering:NewKeysPerDay", "10000", "a whole number from 1 to 100000",
            "How many callers' own keys are told apart in a day, from their first answer on; the rest is anonymous. Each gateway counts for itself."),
    ];

    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => IsOn ? $"Journal in {JournalDirectory}" : "Metering off";

    internal static MeteringSettings Read(SettingsReader reader, bool hasBilling)
    {
        var isOn = reader.Bool("Metering:Enabled", true) && hasBilling;
        var token = InternalSettings.Read(reader);
        if (isOn && token is null)
        {
            reader.AddError("A billing service is configured (services:billing), but Internal:Token is not: without this secret, the same on both, usage "
                + "can't be reported. Set it, or Metering:Enabled=false.");
        }

        var requireJournal = reader.Bool("Metering:RequireJournal", false);
        if (requireJournal && !isOn)
        {
            reader.AddError("Metering:RequireJournal is true, but usage is not counted: "
                + (hasBilling ? "Metering:Enabled is false." : "no billing service is configured (services:billing)."));
        }

        return new MeteringSettings(
            isOn,
            reader.Bool("Metering:AskForUsage", true),
            reader.OneOf("Metering:OnClientAbort", ClientAbort.Cancel),
            Path.GetFullPath(reader.Text("Metering:JournalDirectory") ?? DefaultDirectory),
            requireJournal,
            reader.Count("Metering:NewNamesPerDay", 1, 10_000) ?? DefaultNames,
            reader.Count("Metering:NewKeysPerDay", 1, 100_000) ?? DefaultKeys,
            token);
    }
}
