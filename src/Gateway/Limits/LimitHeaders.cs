using System.Globalization;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>What an access key is told of its own limits, in OpenAI's headers: of several limits, the one of which least is left.</summary>
internal static class LimitHeaders
{
    /// <summary>Sets those that the caller's key has limits for.</summary>
    public static void Set(IHeaderDictionary headers, LimitRule[] rules, Level[] levels)
    {
        if (Tightest(rules, levels, ofTokens: false) is >= 0 and var requests)
        {
            headers["x-ratelimit-limit-requests"] = Text(rules[requests].Counter.Limit);
            headers["x-ratelimit-remaining-requests"] = Text(levels[requests].Remaining(rules[requests].Counter));
            headers["x-ratelimit-reset-requests"] = GoDuration.Format(levels[requests].ResetsIn);
        }

        if (Tightest(rules, levels, ofTokens: true) is >= 0 and var tokens)
        {
            headers["x-ratelimit-limit-tokens"] = Text(rules[tokens].Counter.Limit);
            headers["x-ratelimit-remaining-tokens"] = Text(levels[tokens].Remaining(rules[tokens].Counter));
            headers["x-ratelimit-reset-tokens"] = GoDuration.Format(levels[tokens].ResetsIn);
        }
    }

    private static int Tightest(LimitRule[] rules, Level[] levels, bool ofTokens)
    {
        var found = -1;
        for (var i = 0; i < rules.Length; i++)
        {
            var fits = rules[i].Scope == LimitScope.Key && !rules[i].Counter.IsShadow
                && (ofTokens ? rules[i].IsOfTokens : rules[i].Measure == LimitMeasure.Requests);
            if (fits && (found < 0 || levels[i].Remaining(rules[i].Counter) < levels[found].Remaining(rules[found].Counter)))
            {
                found = i;
            }
        }

        return found;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
