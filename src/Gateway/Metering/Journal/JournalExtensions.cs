namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>Registers the journal and what ships it.</summary>
internal static class JournalExtensions
{
    public static void AddJournal(this IServiceCollection services) => services.AddSingleton<IUsageJournal, NoJournal>();

    private sealed class NoJournal : IUsageJournal
    {
        public bool IsWritable => true;

        public OpenCall Begin(in CallStart call) => new(-1);

        public void Progress(OpenCall call, int outputEstimate)
        {
        }

        public void End(OpenCall call, UsageRecord record)
        {
        }
    }
}
