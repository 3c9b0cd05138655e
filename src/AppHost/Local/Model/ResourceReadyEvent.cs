namespace Aspire.Hosting.ApplicationModel;

internal sealed record ResourceReadyEvent(IResource Resource);
