using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Metering.Draining;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>How usage is found and kept until the billing service has it.</summary>
/// <param name="IsOn">False if there is no billing service to tell, or it was switched off.</param>
/// <param name="AskForUsage">True if streams that don't ask for their usage get the question put in.</param>
/// <param name="OnClientAbort">What happens when a client leaves.</param>
/// <param name="JournalDirectory">The folder of the journal. Gateways may share one: each process has a folder of its own in it.</param>
/// <param name="RequireJournal">True if requests are refused while the journal can't be written.</param>
/// <param name="NewNamesPerDay">How many names of models that the price book doesn't list a key may bring into the records in a UTC day.</param>
/// <param name="NewKeysPerDay">How many keys of callers' own the records tell apart in a UTC day.</param>
/// <param name="EndUsers">How end users are named.</param>
/// <param name="EndUserHeaders">The headers that name them.</param>
public sealed record MeteringSettings(
    bool IsOn, bool AskForUsage, ClientAbort OnClientAbort, string JournalDirectory, bool RequireJournal, int NewNamesPerDay, int NewKeysPerDay,
    EndUsers EndUsers, IReadOnlyList<string> EndUserHeaders)
{
    private static readonly BoolSetting EnabledSetting = new("Metering:Enabled", true,
        "Whether usage is counted and reported to the billing service. Without a billing service it never is.");
    private static readonly BoolSetting AskForUsageSetting = new("Metering:AskForUsage", true,
        "Whether a chat or completion stream whose client doesn't ask for its usage is asked in the client's place; the extra chunk is taken out again.");
    private static readonly ChoiceSetting<ClientAbort> OnClientAbortSetting = new("Metering:OnClientAbort",
        "What happens to the upstream's answer when the client leaves in its middle.",
        ("Cancel", ClientAbort.Cancel, "at once; usage is estimated"), ("Drain", ClientAbort.Drain, "read on for exact usage, at most 60 s and 1 MB"));
    private static readonly PathSetting JournalDirectorySetting = new("Metering:JournalDirectory", ".data/journal",
        "a folder that survives restarts; gateways may share one", "Where usage is kept until the billing service has it.");
    private static readonly BoolSetting RequireJournalSetting = new("Metering:RequireJournal", false,
        "Whether calls are refused with 503 while usage can't be written down, such as on a full disk.");
    private static readonly CountSetting NewNamesPerDaySetting = new("Metering:NewNamesPerDay", 200, 1, 10_000,
        "How many models that the price book doesn't list a key can bring into the ledger in a day, and how many end users, by answers that succeeded; the rest is one row, (other). Each gateway counts for itself.");
    private static readonly CountSetting NewKeysPerDaySetting = new("Metering:NewKeysPerDay", 10_000, 1, 100_000,
        "How many callers' own keys are told apart in a day, from their first answer on; the rest is anonymous. Each gateway counts for itself.");

    private static readonly ChoiceSetting<EndUsers> EndUsersSetting = new("Metering:EndUsers",
        "Whether usage is kept apart by the people for whom an application calls, below its key: by safety_identifier or user of the request, or by a header.",
        ("Off", EndUsers.Off, null), ("Hashed", EndUsers.Hashed, "as a hash of the name"), ("Plain", EndUsers.Plain, "as it is sent"));
    private static readonly ListSetting EndUserHeadersSetting = new("Metering:EndUserHeaders",
        "names of headers, such as X-OpenWebUI-User-Email, with spaces or commas between",
        "Headers that name the end user; the first that a request has wins over what its body says. Needs Metering:EndUsers.");

    internal static IReadOnlyList<Setting> All { get; } =
    [
        EnabledSetting, AskForUsageSetting, OnClientAbortSetting, JournalDirectorySetting, RequireJournalSetting, NewNamesPerDaySetting, NewKeysPerDaySetting,
        EndUsersSetting, EndUserHeadersSetting,
    ];

    internal static MeteringSettings Read(SettingsReader reader, BillingServiceSettings billing)
    {
        var hasBilling = billing.Address is not null;
        var isOn = reader.Get(EnabledSetting) && hasBilling;
        if (isOn && !reader.IsSet(InternalSettings.Token))
        {
            reader.AddError("A billing service is configured (services:billing), but Internal:Token is not: without this secret, the same on both, usage "
                + "can't be reported. Set it, or Metering:Enabled=false.");
        }

        var requireJournal = reader.Get(RequireJournalSetting);
        if (requireJournal && !isOn)
        {
            reader.AddError("Metering:RequireJournal is true, but usage is not counted: "
                + (hasBilling ? "Metering:Enabled is false." : "no billing service is configured (services:billing)."));
        }

        var endUsers = reader.Get(EndUsersSetting);
        var headers = reader.Get(EndUserHeadersSetting);
        if (headers.FirstOrDefault(name => !IsHeaderName(name)) is { } wrong)
        {
            reader.Wrong(EndUserHeadersSetting, wrong);
        }

        if (headers.Count > 0 && endUsers == EndUsers.Off)
        {
            reader.AddError("Metering:EndUserHeaders is set, but Metering:EndUsers is Off: no header would be read. Set it to Hashed or Plain.");
        }

        return new MeteringSettings(
            isOn, reader.Get(AskForUsageSetting), reader.Get(OnClientAbortSetting), reader.Get(JournalDirectorySetting)!, requireJournal,
            reader.Get(NewNamesPerDaySetting), reader.Get(NewKeysPerDaySetting), endUsers, headers);
    }

    // A token of RFC 9110, section 5.6.2.
    private static bool IsHeaderName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
