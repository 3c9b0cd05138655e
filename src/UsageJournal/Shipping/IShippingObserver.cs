namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>Is told how the billing service answers usage.</summary>
internal interface IShippingObserver
{
    /// <summary>Usage could not be brought there.</summary>
    /// <param name="reason">Why, in one line without secrets.</param>
    public void Away(string reason);

    /// <summary>It doesn't know this gateway by the token that it shows.</summary>
    public void Refuses();

    /// <summary>It decided on a batch: took it, or refused it for good.</summary>
    public void Decided(bool isTaken);
}
