using OpenAIProxy.Contracts;

namespace OpenAIProxy.UsageJournal.Recovery;

/// <summary>
/// Bounds the names in calls that a killed gateway had open, as those of other calls without an answer: whoever
/// makes names up may have had hundreds of them open.
/// </summary>
/// <param name="isListed">True for the names of models that have a price.</param>
internal sealed class InterruptedNames(Func<string, bool> isListed)
{
    /// <summary>How many names a key may have that were seen in no successful answer.</summary>
    public const int MostUnanswered = 10;

    private readonly Dictionary<string, HashSet<string>> _kept = [];

    /// <summary>The name, or <see cref="UsageDimensions.Other"/>.</summary>
    /// <param name="key">Whose the call was.</param>
    /// <param name="model">The model asked for; may be empty.</param>
    public string Bound(string key, string model)
    {
        if (model is "" or UsageDimensions.Other || isListed(model))
        {
            return model;
        }

        if (!_kept.TryGetValue(key, out var names))
        {
            _kept[key] = names = [];
        }

        if (names.Count < MostUnanswered)
        {
            names.Add(model);
        }

        return names.Contains(model) ? model : UsageDimensions.Other;
    }
}
