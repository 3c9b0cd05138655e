namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>Is told how the billing service answers usage.</summary>
internal interface IShippingObserver
{
    /// <summary>Usage could not be brought there.</summary>
    /// <param name="reason">Why, in one line without secrets.</param>
    public void Away(string reason);

    /// <summary>It rejects this gateway's token.</summary>
    public void Unauthorized();

    /// <summary>It decided on a batch: took it, or refused it for good.</summary>
    public void Decided(bool isTaken);
}
