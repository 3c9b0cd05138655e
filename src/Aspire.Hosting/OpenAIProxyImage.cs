namespace Aspire.Hosting.ApplicationModel;

/// <summary>The container image of OpenAIProxy as one process, and what is fixed in it.</summary>
internal static class OpenAIProxyImage
{
    /// <summary>As <c>dotnet publish -t:PublishContainer</c> names it on this machine. Registries name it with their own prefix.</summary>
    public const string Name = "openaiproxy";

    public const string Tag = "latest";

    /// <summary>Where it listens.</summary>
    public const int Port = 8000;

    /// <summary>The one folder that belongs to the image's user: ledger and journal are below it.</summary>
    public const string DataFolder = "/home/app";
}
