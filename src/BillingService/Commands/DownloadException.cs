namespace OpenAIProxy.BillingService.Commands;

/// <summary>A file or address that a command was given can't be read; the message says why.</summary>
internal sealed class DownloadException(string message) : Exception(message);
