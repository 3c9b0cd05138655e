using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Costs;

/// <summary>Prices calls of tools that upstream runs: by the tool, its size, and the model that called it.</summary>
internal static class ToolCost
{
    /// <summary>The cost of <paramref name="calls"/>.</summary>
    /// <param name="tool">The tool's prices; null if it has none.</param>
    /// <param name="size">What follows the tool's name in the unit, such as <c>4g</c>; empty for nothing.</param>
    /// <param name="model">The prices of the model that called; null if it has none.</param>
    /// <param name="what">The tier and size class of the answer.</param>
    /// <param name="calls">How many.</param>
    /// <param name="charges">Takes the parts, if anybody asks for them.</param>
    public static Cost Of(PriceRow? tool, string size, PriceRow? model, UsageDimensions what, long calls, List<Charge>? charges = null)
    {
        if (calls <= 0)
        {
            return Cost.Free;
        }

        if (tool is null || PriceOf(tool, size, model) is not { } fee)
        {
            return Cost.Unpriced;
        }

        charges?.Add(new Charge($"{tool.Model} {size}".TrimEnd(), calls, "Calls", "Calls", fee, calls * fee).Times(tool.FactorIn(what.Region)));
        var cost = new Cost(calls * fee, false) { IsAssumed = model is null && tool.PerCallReasoning is not null };
        if (model?.InputPerCall is not { } inputs || !inputs.TryGetValue(tool.Model, out var tokens))
        {
            return cost.In(what.Region, tool);
        }

        List<Charge>? read = charges is null ? null : [];
        var content = TokenCost.Of(model, what, new UsageCounts { Input = calls * tokens }, read);
        charges?.AddRange(read!.Select(charge => charge.Times(model.FactorIn(what.Region))));
        return cost.In(what.Region, tool) + content.In(what.Region, model);
    }

    private static decimal? PriceOf(PriceRow tool, string size, PriceRow? model)
    {
        if (size.Length > 0 && tool.PerCallBySize.Count > 0)
        {
            return tool.PerCallBySize.TryGetValue(size, out var price) ? price : null;
        }

        return model is { Reasons: true } ? tool.PerCallReasoning ?? tool.PerCall : tool.PerCall;
    }
}
