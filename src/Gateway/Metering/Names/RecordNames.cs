using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Recovery;

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>
/// Decides which names from outside become rows of their own. Whoever calls can make up as many models and keys as they like, and every one
/// in a record would be a row in the ledger for ever: a name is kept if the price book lists it, or if it was seen in a successful answer.
/// The rest is counted under one name. What was seen is kept in memory for today and yesterday, by each gateway for itself.
/// </summary>
/// <param name="isListed">True for the models of the price book.</param>
/// <param name="time">The clock.</param>
/// <param name="mostNames">New names of one key in a day.</param>
/// <param name="mostKeys">New keys of callers in a day.</param>
/// <param name="logger">Is told when there are too many.</param>
internal sealed partial class RecordNames(Func<string, bool> isListed, TimeProvider time, int mostNames, int mostKeys, ILogger<RecordNames> logger)
{
    private readonly Lock _turn = new();
    private volatile NamesOfDay _today = new(0, null);

    private NamesOfDay Today
    {
        get
        {
            var day = time.GetUtcNow().Ticks / TimeSpan.TicksPerDay;
            return _today.Day == day ? _today : Turn(day);
        }
    }

    /// <summary>True if the price book lists the model: there are only so many.</summary>
    public bool IsListed(string model) => isListed(model);

    /// <summary>Whose the record is: <see cref="UsageDimensions.Anonymous"/> as long as no answer has shown that upstream knows the key.</summary>
    /// <param name="key">The id of a key that is the caller's own.</param>
    /// <param name="ending">That key's last characters.</param>
    /// <param name="isAnswer">True if the call succeeded, where only a good key does.</param>
    public string OwnKey(string key, KeyEnding ending, bool isAnswer)
    {
        var today = Today;
        if (today.HasKey(key))
        {
            return key;
        }

        var isKnown = today.Before?.HasKey(key) ?? false;
        if (!isAnswer)
        {
            return isKnown ? key : UsageDimensions.Anonymous;
        }

        if (today.AddKey(key, ending, mostKeys))
        {
            return key;
        }

        if (today.IsFirstSurplusKey())
        {
            LogTooManyKeys(logger, mostKeys);
        }

        return UsageDimensions.Anonymous;
    }

    /// <summary>The last characters of a caller's own key that was seen in a successful answer; null if it was in none.</summary>
    public KeyEnding? EndingOf(string key)
    {
        var today = Today;
        return today.EndingOf(key) ?? today.Before?.EndingOf(key);
    }

    /// <summary>The name, or <see cref="UsageDimensions.Other"/>.</summary>
    /// <param name="key">Whose the record is.</param>
    /// <param name="name">A model, or another word from outside; may be empty.</param>
    /// <param name="proof">What became of the call.</param>
    public string Name(string key, string name, NameProof proof)
    {
        if (name.Length == 0 || isListed(name))
        {
            return name;
        }

        var today = Today;
        if (today.HasName(key, name))
        {
            return name;
        }

        var isKnown = today.Before?.HasName(key, name) ?? false;
        if (proof == NameProof.None)
        {
            return isKnown ? name : UsageDimensions.Other;
        }

        if (today.AddName(key, name, proof == NameProof.Answered ? mostNames : Math.Min(mostNames, InterruptedNames.MostUnanswered)))
        {
            return name;
        }

        if (proof == NameProof.Answered && today.IsFirstSurplusName())
        {
            LogTooManyNames(logger, key, mostNames);
        }

        return UsageDimensions.Other;
    }

    /// <summary>The lines with names that are kept.</summary>
    /// <param name="key">Whose the record is.</param>
    /// <param name="lines">What the call used; not changed.</param>
    /// <param name="proof">What became of the call.</param>
    public IReadOnlyList<UsageLine> Lines(string key, IReadOnlyList<UsageLine> lines, NameProof proof)
    {
        UsageLine[]? changed = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var (model, tier, unit) = (Name(key, line.Model, proof), Tier(key, line.Tier, proof), Unit(key, line.Unit, proof));
            if (!ReferenceEquals(model, line.Model) || !ReferenceEquals(tier, line.Tier) || !ReferenceEquals(unit, line.Unit))
            {
                changed ??= [.. lines];
                changed[i] = line with { Model = model, Tier = tier, Unit = unit };
            }
        }

        return changed ?? lines;
    }

    // Some servers repeat the tier that was asked for, whatever it is.
    private string Tier(string key, string tier, NameProof proof)
        => tier is ServiceTier.Default or ServiceTier.Batch or ServiceTier.Flex or ServiceTier.Priority or ServiceTier.Ultrafast
            or ServiceTier.Scale or "2h" or "8h"
            ? tier
            : Name(key, tier, proof);

    // Sizes and qualities are the caller's words where the answer doesn't repeat them.
    private string Unit(string key, string unit, NameProof proof)
    {
        var variantAt = unit.IndexOf(':', unit.StartsWith(UsageUnit.Tool, StringComparison.Ordinal) ? UsageUnit.Tool.Length : 0) + 1;
        var isFromOutside = unit.StartsWith(UsageUnit.Image, StringComparison.Ordinal)
            || unit.StartsWith(UsageUnit.Video, StringComparison.Ordinal)
            || (unit.StartsWith(UsageUnit.Search, StringComparison.Ordinal) && unit is not ("search:low" or "search:medium" or "search:high"))
            || (unit.StartsWith(UsageUnit.Tool, StringComparison.Ordinal) && variantAt > 0 && unit.AsSpan(variantAt) is not ("4g" or "16g" or "64g"));
        return !isFromOutside || Name(key, unit, proof) == unit ? unit : unit[..variantAt] + UsageDimensions.Other;
    }

    private NamesOfDay Turn(long day)
    {
        lock (_turn)
        {
            var last = _today;
            if (last.Day != day)
            {
                _today = new NamesOfDay(day, last.Day == day - 1 ? last : null);
                last.ForgetBefore();
            }

            return _today;
        }
    }

    [LoggerMessage(2302, LogLevel.Warning,
        "Key {Key} used more new model names in a day than {Most} (Metering:NewNamesPerDay), or all keys together too many. Further new names are "
        + "counted as (other). Logged once a day.")]
    private static partial void LogTooManyNames(ILogger logger, string key, int most);

    [LoggerMessage(2303, LogLevel.Warning,
        "More than {Most} new caller keys in a day (Metering:NewKeysPerDay). Usage of further ones is counted as anonymous. Logged once a day.")]
    private static partial void LogTooManyKeys(ILogger logger, int most);
}
