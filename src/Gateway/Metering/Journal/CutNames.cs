using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// Bounds the names in calls that a killed gateway had open, as <see cref="RecordNames"/> does those of other calls without an answer: whoever
/// makes names up may have had hundreds of them open.
/// </summary>
internal sealed class CutNames
{
    private readonly Dictionary<string, HashSet<string>> _kept = [];

    /// <summary>The name, or <see cref="UsageDimensions.Other"/>.</summary>
    /// <param name="key">Whose the call was.</param>
    /// <param name="model">The model asked for; may be empty.</param>
    public string Bound(string key, string model)
    {
        if (model is "" or UsageDimensions.Other || PriceBook.BuiltIn.Knows(model))
        {
            return model;
        }

        if (!_kept.TryGetValue(key, out var names))
        {
            _kept[key] = names = [];
        }

        if (names.Count < RecordNames.MostUnanswered)
        {
            names.Add(model);
        }

        return names.Contains(model) ? model : UsageDimensions.Other;
    }
}
