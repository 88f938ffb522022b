using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.AuditLog;

/// <summary>The page that shows who changed what. Entries are written by the features themselves, see Platform/Access/Audit.cs.</summary>
public static class AuditLogFeature
{
    public static IServiceCollection AddAuditLog(this IServiceCollection services) => services
        .AddSingleton<AuditStore>()
        .AddScoped<AuditTelling>()
        .AddSingleton(new MenuEntry("Audit log", "clock-counter-clockwise", "/audit", Permissions.AuditView, 90, MenuSection.Admin));
}
