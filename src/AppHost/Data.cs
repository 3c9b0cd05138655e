namespace OpenAIProxy.AppHost;

/// <summary>
/// Where usage is kept. Running: in <c>.data</c> of the repository, and what a demo makes up apart from what was really used. Published:
/// in a PostgreSQL that whoever deploys names; a container's own files come and go with it.
/// </summary>
internal sealed class Data
{
    private readonly Action<IResourceBuilder<ProjectResource>> _giveLedger;
    private readonly Action<IResourceBuilder<ProjectResource>> _giveJournal;

    private Data(Action<IResourceBuilder<ProjectResource>> giveLedger, Action<IResourceBuilder<ProjectResource>> giveJournal)
        => (_giveLedger, _giveJournal) = (giveLedger, giveJournal);

    public static Data Add(IDistributedApplicationBuilder builder, Arguments arguments)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            var ledger = builder.AddConnectionString("ledger");
            // On its way from there to the ledger usage stays about a second, and leaves before a container that is told to stop ends.
            return new Data(
                billing => billing.WithReference(ledger),
                gateway => gateway.WithEnvironment("Metering__JournalDirectory", "/tmp/openaiproxy-journal"));
        }

        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "../../.data", arguments.Demo ? "demo" : ""));
        var hasLedger = Configured.Find(builder.Configuration, "Ledger:File", "ConnectionStrings:ledger") is not null;
        var hasJournal = Configured.Find(builder.Configuration, "Metering:JournalDirectory") is not null;
        return new Data(
            billing => Set(billing, hasLedger, "Ledger__File", Path.Combine(folder, "ledger.db")),
            gateway => Set(gateway, hasJournal, "Metering__JournalDirectory", Path.Combine(folder, "journal")));
    }

    public void GiveLedgerTo(IResourceBuilder<ProjectResource> service) => _giveLedger(service);

    public void GiveJournalTo(IResourceBuilder<ProjectResource> service) => _giveJournal(service);

    private static void Set(IResourceBuilder<ProjectResource> service, bool isConfigured, string name, string value)
    {
        if (!isConfigured)
        {
            service.WithEnvironment(name, value);
        }
    }
}
