namespace OpenAIProxy.Gateway.ChatLog.Calls;

/// <summary>What is known of a call when it begins.</summary>
/// <param name="Started">When, unix milliseconds.</param>
/// <param name="KeyId">Whose it is: the id of a key, or <see cref="Contracts.UsageDimensions.Anonymous"/>.</param>
/// <param name="Secret">The caller's own key, which must not be written down; null if there is none.</param>
/// <param name="Method">The request's.</param>
/// <param name="Path">The request's in its normal form, without query and route prefix.</param>
/// <param name="Deployment">The Azure deployment in the path; null if there is none.</param>
internal sealed record LoggedHead(long Started, string KeyId, string? Secret, string Method, string Path, string? Deployment)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => nameof(LoggedHead);
}
