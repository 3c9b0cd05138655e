using System.Globalization;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>Whether models that were used lately will be shut down soon.</summary>
/// <param name="services">Those of the billing service, which isn't started.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelChecks(IServiceProvider services, TimeProvider time)
{
    private const int DaysOfUse = 30;
    private const int MostModels = 100;

    /// <summary>Looks at the ledger as it is. Nothing is found where there is none that can be read: that is said elsewhere.</summary>
    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        try
        {
            await ExistingLedger.OpenAsync(services);
            var scope = new ReportScope(null, today.AddDays(1 - DaysOfUse), today.AddDays(1));
            var used = await services.GetRequiredService<UsageReports>().RankAsync(scope, GroupBy.Model, MostModels, timed: false, cancellationToken);
            var book = services.GetRequiredService<PricesInForce>().Book();
            return
            [
                .. from model in used.Top().Select(model => model.Name).Order(StringComparer.Ordinal)
                   let day = Shutdowns.Soon(book, model, today)
                   where day is not null
                   select Finding.Warning("models", string.Create(
                       CultureInfo.InvariantCulture, $"{model} was used in the last {DaysOfUse} days, and will be shut down on {day:yyyy-MM-dd}.")),
            ];
        }
        catch (Exception e) when (e is CommandFailedException || ExistingLedger.IsFailure(e))
        {
            return [];
        }
    }
}
