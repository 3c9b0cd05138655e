using System.Runtime.CompilerServices;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Focus;

/// <summary>Reads the ledger as FOCUS wants it: by UTC day, model and key, each in its parts. Only one group is in memory.</summary>
internal sealed class FocusReports(UsageLedger ledger, PricesInForce prices)
{
    /// <summary>The groups, as they are read.</summary>
    /// <param name="scope">Whose usage of which days.</param>
    /// <param name="leftOut">Counts what has no price, and is in no group.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FocusGroup> GroupsAsync(
        ReportScope scope, UsageCounts leftOut, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var book = prices.Book();
        var query = new LedgerQuery(scope.Key, scope.Start, scope.End, ByKey: true, ByEndpoint: false)
        {
            Keys = scope.Keys,
            ByDay = true,
            ByModel = true,
            Model = scope.Model,
        };
        FocusGroup? group = null;
        await foreach (var row in ledger.RowsAsync(query, cancellationToken))
        {
            var day = ReportGroup.Day(row.What);
            if (group?.Has(row.What, day) != true)
            {
                if (group is not null)
                {
                    yield return group;
                }

                group = new FocusGroup(day, row.What.Model, row.What.Key);
            }

            if (book.PriceParts(row.What, row.Counts, out var charges).IsUnpriced)
            {
                leftOut.Add(row.Counts);
            }

            group.Add(row.What, charges);
        }

        if (group is not null)
        {
            yield return group;
        }
    }
}
