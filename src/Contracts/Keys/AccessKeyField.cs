namespace OpenAIProxy.Contracts.Keys;

/// <summary>One field of an access key, as people write it in settings, files and the admin API.</summary>
/// <param name="Name">Its name in settings, <c>Limits:Requests</c>.</param>
/// <param name="Allowed">What may stand there, in words for an error message.</param>
/// <param name="Meaning">What it does, in one sentence.</param>
/// <param name="IsList">True if it holds several texts.</param>
public sealed record AccessKeyField(string Name, string Allowed, string Meaning, bool IsList = false);
