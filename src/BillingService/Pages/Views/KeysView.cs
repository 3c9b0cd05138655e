namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>The page of the access keys.</summary>
/// <param name="Frame">Its frame.</param>
/// <param name="Viewer">Who looks, in words.</param>
/// <param name="Keys">The keys; none on the page of one key.</param>
/// <param name="Form">The form for a key.</param>
/// <param name="Chosen">The key that the form is for; null for a new one.</param>
/// <param name="Secret">A secret that was made, to be shown now and never again.</param>
/// <param name="Error">What is wrong with what was sent; null if nothing is.</param>
public sealed record KeysView(
    Frame Frame, ViewerView Viewer, IReadOnlyList<KeyLine> Keys, IReadOnlyList<KeyFormField> Form, KeyLine? Chosen, string? Secret, string? Error)
{
    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => nameof(KeysView);

    /// <summary>What follows <c>/usage</c> in its address.</summary>
    public string Below => Chosen is null ? "/keys" : $"/keys/{Chosen.Id}";
}
