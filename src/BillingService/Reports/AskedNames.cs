using System.Runtime.InteropServices;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>
/// Which models answer to which name. <c>gpt-5</c> is answered by <c>gpt-5-2025-08-07</c>, but an error names no model and is counted under
/// <c>gpt-5</c>: of two such rows one would have all errors and no cost, though nobody asked for two models.
/// </summary>
internal sealed class AskedNames
{
    // Gateways let through some hundred a day; the rest stays apart.
    private const int MostNames = 10_000;

    private readonly Dictionary<(string Asked, string Answered), long> _calls = [];

    /// <summary>Takes a row into account.</summary>
    public void Add(UsageRow row)
    {
        var what = row.What;
        if (what.RequestedModel.Length > 0 && (_calls.Count < MostNames || _calls.ContainsKey((what.RequestedModel, what.Model))))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_calls, (what.RequestedModel, what.Model), out _) += row.Counts.Requests;
        }
    }

    /// <summary>The groups in their order; one in which all calls failed is joined to that of the model which answers to its name most often.</summary>
    public IReadOnlyList<ModelGroup> Join(IReadOnlyList<RankedGroup> groups)
    {
        var answering = groups.Where(group => !group.Sum.HasOnlyFailures).Select(group => group.Name).ToHashSet();
        var joined = groups.Where(group => group.Sum.HasOnlyFailures && Answering(group.Name, answering) is not null)
            .ToLookup(group => Answering(group.Name, answering)!);
        var gone = joined.SelectMany(failed => failed).ToHashSet();
        return
        [
            .. groups.Where(group => !gone.Contains(group)).Select(group => joined[group.Name].ToArray() is { Length: > 0 } failed
                ? new ModelGroup(group.Name, failed[0].Name, FiguresSum.Join([group.Sum, .. failed.Select(f => f.Sum)]))
                : new ModelGroup(group.Name, null, group.Sum)),
        ];
    }

    private string? Answering(string asked, HashSet<string> models)
        => _calls.Where(call => call.Key.Asked == asked && models.Contains(call.Key.Answered)).OrderByDescending(call => call.Value)
            .Select(call => call.Key.Answered).FirstOrDefault();
}
