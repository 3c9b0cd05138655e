namespace OpenAIProxy.Gateway.ChatLog.Files;

/// <summary>A file of a day that is over, which stays.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct UndeletedFile(string Path, string Reason);
