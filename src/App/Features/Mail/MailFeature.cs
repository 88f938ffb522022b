using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.Storage;

namespace Laurel.App.Features.Mail;

/// <summary>The organisation's mail server.</summary>
public static class MailFeature
{
    public static IServiceCollection AddMail(this IServiceCollection services) => services
        .AddSingleton(s => MailFolder.Beside(s.GetRequiredService<Database>()))
        .AddSingleton<Mailer>()
        .AddSingleton(new MenuEntry("Mail", "envelope-simple", "/manage/mail", Permissions.SettingsManage, 76, MenuSection.Admin));
}
