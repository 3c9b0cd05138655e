using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Checks;

/// <summary>Which usage of a model would be unpriced, or priced by a price that is not its own?</summary>
internal static class CompletenessCheck
{
    private static readonly string[] UsualTiers = [ServiceTier.Batch, ServiceTier.Flex, ServiceTier.Priority];

    public static void Run(PriceRow row, RowFindings about, bool familyHasCache)
    {
        if (row.IsEmpty)
        {
            about.Warning("has no price at all: its usage is unpriced");
            return;
        }

        foreach (var (tier, prices) in row.Tokens)
        {
            var hasInput = prices.Input is not null || prices.AudioInput is not null || prices.ImageInput is not null;
            var hasOutput = prices.Output is not null || prices.AudioOutput is not null || prices.ImageOutput is not null;
            if (!hasInput || (!hasOutput && row.Kind != "embedding"))
            {
                about.Error($"{tier} has no price of {(hasInput ? "output" : "input")}");
            }

            Missing(tier, "cacheWrite", row.BillsCacheWrites && !row.Unknown.Contains("cacheWrite") && prices.CacheWrite is null, about);
            var has12h = row.Tokens.GetValueOrDefault(ServiceTier.Default)?.CacheWrite12h is not null;
            Missing(tier, "cacheWrite12h", has12h && prices.CacheWrite12h is null, about);
        }

        foreach (var kind in row.Unknown)
        {
            about.Warning($"the price of {kind} is not known: such tokens are unpriced");
        }

        var usual = row.Tokens.GetValueOrDefault(ServiceTier.Default);
        if (usual is { CachedInput: null, Input: > 0 } && familyHasCache && row.Kind is "chat" or "responses" && !row.Unknown.Contains("cachedInput"))
        {
            about.Note("has no cachedInput, though models of its family have: cached input costs the full price");
        }

        Tiers(row, about);
        OtherTiers(row, about);
        CachedInTiers(row, about);
    }

    // A tier that is cheaper has no discount for what is cached, as far as is known, and then may be the dearer one for that.
    private static void CachedInTiers(PriceRow row, RowFindings about)
    {
        if (row.Tokens.GetValueOrDefault(ServiceTier.Default) is not { CachedInput: { } usual })
        {
            return;
        }

        var dearer = row.Tokens.Where(t => t.Value is { CachedInput: null, Input: { } full } && full > usual).Select(t => t.Key).Order().ToList();
        if (dearer.Count > 0)
        {
            about.Note($"no cachedInput in {string.Join(", ", dearer)}: cached input costs the full price there, which is above the default tier's cachedInput {ConsistencyCheck.Text(usual)}");
        }
    }

    private static void Tiers(PriceRow row, RowFindings about)
    {
        if (row.Kind is not ("chat" or "responses") || row.Tokens.Count == 0)
        {
            return;
        }

        var missing = UsualTiers.Where(t => !row.Tokens.ContainsKey(t)).ToList();
        if (missing.Count > 0)
        {
            about.Note($"no price in {string.Join(", ", missing)}: usage there is unpriced");
        }
    }

    // It may be a slip of the pen, which nothing else shows: answers in the tier that was meant are then priced as default.
    private static void OtherTiers(PriceRow row, RowFindings about)
    {
        var others = row.Tokens.Keys.Except(PriceNames.Tiers).Order().ToList();
        if (others.Count > 0)
        {
            about.Note($"{string.Join(", ", others)}: not among OpenAI's tiers; holds for answers that name it so");
        }
    }

    private static void Missing(string tier, string kind, bool isMissing, RowFindings about)
    {
        if (isMissing)
        {
            about.Warning($"{tier} has no {kind}, though the model bills it: such tokens are unpriced there");
        }
    }
}
